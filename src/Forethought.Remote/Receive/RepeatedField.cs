namespace Forethought.Remote.Receive;

/// <summary>
/// The elements of a repeated field as they are collected, packed or one by one. A packed field that is the only one, as senders
/// write it, is allocated once and exactly, so that an element costs no more than its eight bytes for the one on the wire.
/// </summary>
internal struct RepeatedField<T>
    where T : struct
{
    private T[]? _items;
    private int _count;

    /// <summary>Makes room for elements to come; <paramref name="more"/> is bounded by the bytes they are in.</summary>
    public void Reserve(int more)
    {
        if (_items is null)
            _items = new T[more];
        else if (_items.Length - _count < more)
            Array.Resize(ref _items, Math.Max(2 * _items.Length, _count + more));
    }

    /// <summary>Adds an element; room was reserved.</summary>
    public void Add(T item) => _items![_count++] = item;

    /// <summary>The elements; the field must not be used any more.</summary>
    public T[] ToArray()
    {
        if (_count == 0)
            return [];
        if (_items!.Length != _count)
            Array.Resize(ref _items, _count);
        return _items;
    }
}
