namespace Forethought.Storage.Merging;

/// <summary>
/// A binary heap, the least element on top. Which of several equal elements comes first follows from the order of pushes as with
/// Go's <c>container/heap</c>: upstream's choice between samples of equal time hangs on it. Not thread-safe.
/// </summary>
/// <param name="capacity">The most elements.</param>
/// <typeparam name="T">What is ordered. An element must not change its place in the order while it is in the heap.</typeparam>
/// <typeparam name="TOrder">The order.</typeparam>
internal sealed class MinHeap<T, TOrder>(int capacity)
    where TOrder : struct, IComparer<T>
{
    private readonly T[] _elements = new T[capacity];

    public int Count { get; private set; }

    /// <summary>The least element; there must be one.</summary>
    public T Top => _elements[0];

    public void Clear()
    {
        Array.Clear(_elements, 0, Count);
        Count = 0;
    }

    public void Push(T element)
    {
        int place = Count++;
        while (place > 0)
        {
            int parent = (place - 1) / 2;
            if (!IsLess(element, _elements[parent]))
                break;
            _elements[place] = _elements[parent];
            place = parent;
        }

        _elements[place] = element;
    }

    /// <summary>Takes the least element; there must be one.</summary>
    public T Pop()
    {
        T top = _elements[0];
        T last = _elements[--Count];
        _elements[Count] = default!;
        if (Count > 0)
            Sink(last);
        return top;
    }

    // Puts an element into the hole at the top.
    private void Sink(T element)
    {
        int place = 0;
        while (true)
        {
            int child = 2 * place + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && IsLess(_elements[child + 1], _elements[child]))
                child++;
            if (!IsLess(_elements[child], element))
                break;
            _elements[place] = _elements[child];
            place = child;
        }

        _elements[place] = element;
    }

    private static bool IsLess(T left, T right) => default(TOrder).Compare(left, right) < 0;
}
