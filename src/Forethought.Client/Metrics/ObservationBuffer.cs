namespace Forethought.Client;

/// <summary>
/// Values waiting to be sorted into sketches. Many threads add without a lock; one at a time, under the owner's lock, seals the
/// buffer and drains it. A thread that still holds a buffer after it was drained finds it sealed, or, if it serves again, adds to it
/// like any other: both are right.
/// </summary>
internal sealed class ObservationBuffer(int capacity)
{
    // Far above any capacity, far below overflow by late reservations.
    private const int Sealed = 1 << 30;

    private readonly double[] _values = new double[capacity];

    // Places handed out; places at or past the capacity do not exist.
    private int _reserved = Sealed;

    // Places filled. Equal to the places handed out once no writer is between the two.
    private int _committed;

    /// <summary>Adds a value; false when the buffer is full or sealed. <paramref name="filled"/>: this was the last free place.</summary>
    public bool TryAdd(double value, out bool filled)
    {
        filled = false;
        if (Volatile.Read(ref _reserved) >= _values.Length)
            return false;
        int place = Interlocked.Increment(ref _reserved) - 1;
        if (place >= _values.Length)
            return false;
        _values[place] = value;
        Interlocked.Increment(ref _committed);
        filled = place == _values.Length - 1;
        return true;
    }

    /// <summary>Makes a drained buffer ready to take values.</summary>
    public void Open()
    {
        Volatile.Write(ref _committed, 0);
        Volatile.Write(ref _reserved, 0);
    }

    /// <summary>
    /// Refuses further values and returns those taken, valid until <see cref="Open"/>; waits for writers that have a place.
    /// </summary>
    public Span<double> Seal()
    {
        int count = Math.Min(Interlocked.Exchange(ref _reserved, Sealed), _values.Length);
        var spin = new SpinWait();
        while (Volatile.Read(ref _committed) != count)
            spin.SpinOnce(sleep1Threshold: -1);
        return _values.AsSpan(0, count);
    }
}
