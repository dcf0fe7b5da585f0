namespace Forethought.Client;

/// <summary>
/// Quantiles of the observations of the last <see cref="SummaryOptions.MaxAge"/>. Sketches of this kind cannot be merged without
/// losing their error bounds, so each of the age buckets' sketches gets every observation; every MaxAge/AgeBuckets the oldest is
/// emptied, and the one that is then oldest answers. The window thus covers between MaxAge−MaxAge/AgeBuckets and MaxAge.
/// Thread-safe; observing takes the lock only to empty a full buffer or when a period has ended.
/// </summary>
internal sealed class QuantileWindow
{
    // Sorting larger batches into the sketches would cost less an observation and more memory.
    private const int BufferCapacity = 256;

    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly double[] _quantiles;
    private readonly QuantileSketch[] _sketches;
    private readonly long _period;

    private ObservationBuffer _active = new(BufferCapacity);
    private ObservationBuffer _spare = new(BufferCapacity);
    private int _oldest;

    // In the clock's timestamp units.
    private long _periodEnd;

    public QuantileWindow(SummaryOptions options)
    {
        _timeProvider = options.TimeProvider;
        QuantileObjective[] objectives = [.. options.Objectives.OrderBy(objective => objective.Quantile)];
        _quantiles = [.. objectives.Select(objective => objective.Quantile)];
        _sketches = new QuantileSketch[options.AgeBuckets];
        for (int i = 0; i < _sketches.Length; i++)
            _sketches[i] = new QuantileSketch(objectives);
        _period = Math.Max(1, (long)(options.MaxAge.TotalSeconds / options.AgeBuckets * _timeProvider.TimestampFrequency));
        _periodEnd = _timeProvider.GetTimestamp() + _period;
        _active.Open();
    }

    /// <summary>The quantiles' ranks, increasing.</summary>
    public ReadOnlySpan<double> Quantiles => _quantiles;

    public void Observe(double value)
    {
        if (double.IsNaN(value))
            return;
        if (_timeProvider.GetTimestamp() > Volatile.Read(ref _periodEnd))
            Flush();
        while (true)
        {
            ObservationBuffer buffer = Volatile.Read(ref _active);
            if (buffer.TryAdd(value, out bool filled))
            {
                if (filled)
                    Flush(buffer);
                return;
            }

            Flush(buffer);
        }
    }

    /// <summary>Estimates each quantile of <see cref="Quantiles"/>, in that order; NaN if the window holds no observation.</summary>
    public void Read(Span<QuantileValue> values)
    {
        lock (_lock)
        {
            Drain();
            for (int i = 0; i < values.Length; i++)
                values[i] = new QuantileValue(_quantiles[i], _sketches[_oldest].Query(_quantiles[i]));
        }
    }

    private void Flush()
    {
        lock (_lock)
            Drain();
    }

    /// <summary>Empties the buffer unless another thread has done it meanwhile.</summary>
    private void Flush(ObservationBuffer full)
    {
        lock (_lock)
        {
            if (ReferenceEquals(full, _active))
                Drain();
        }
    }

    /// <summary>Moves the waiting observations into the sketches, then ends the periods that are over. The lock is held.</summary>
    private void Drain()
    {
        ObservationBuffer drained = _active;
        _spare.Open();
        Volatile.Write(ref _active, _spare);
        _spare = drained;

        Span<double> values = drained.Seal();
        values.Sort();
        foreach (QuantileSketch sketch in _sketches)
            sketch.Insert(values);
        EndPeriods(_timeProvider.GetTimestamp());
    }

    private void EndPeriods(long now)
    {
        for (int ended = 0; now > _periodEnd; ended++)
        {
            if (ended == _sketches.Length)
            {
                // Everything is emptied; the periods in between saw nothing.
                Volatile.Write(ref _periodEnd, now + _period);
                return;
            }

            _sketches[_oldest].Clear();
            _oldest = (_oldest + 1) % _sketches.Length;
            Volatile.Write(ref _periodEnd, _periodEnd + _period);
        }
    }
}
