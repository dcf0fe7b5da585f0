using Forethought.Encoding;
using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Remote.Receive;

/// <summary>
/// Decodes a <c>prometheus.WriteRequest</c> into a transaction: labels from the request's bytes into packed form, rows into a batch
/// that is reused. In the steady state nothing is allocated for a series or a float sample. Reused for one request after another;
/// not thread-safe.
/// </summary>
internal sealed class WriteRequestAppender
{
    // Bounds what a request of nothing but tiny samples makes of its bytes.
    private const int MaxBatchRows = 16 * 1024;

    private readonly AppendBatch _batch = new(2048);
    private readonly SeriesLabels _labels = new();
    private readonly LabelsBuilder _exemplarLabels = new();
    private MessageSlice[] _rowSeries = new MessageSlice[2048];
    private IAppender _appender = null!;
    private long _maxTimeMs;
    private RefusedRow? _refused;

    /// <summary>Series of the request read last that were left out because their labels are not valid.</summary>
    public int InvalidSeries { get; private set; }

    /// <summary>The first of them.</summary>
    public MessageSlice FirstInvalidSeries { get; private set; }

    /// <summary>Rows of the request read last, those of invalid series not counted.</summary>
    public int Rows { get; private set; }

    /// <summary>
    /// Stages all samples, histograms and exemplars of a request. The request is read to its end even after a refused row, because
    /// what is malformed is told first.
    /// </summary>
    /// <param name="request">The message.</param>
    /// <param name="appender">The transaction, which the caller ends.</param>
    /// <param name="maxTimeMs">Later rows are out of bounds.</param>
    /// <returns>The first row that was refused, null if all were accepted.</returns>
    /// <exception cref="MalformedRequestException">The request is not well-formed.</exception>
    public RefusedRow? Append(ReadOnlySpan<byte> request, IAppender appender, long maxTimeMs)
    {
        _appender = appender;
        _maxTimeMs = maxTimeMs;
        _refused = null;
        InvalidSeries = 0;
        Rows = 0;
        try
        {
            var reader = new WriteRequestReader(request);
            while (reader.TryReadSeries(out MessageSlice series))
                AppendSeries(series, series.Of(request));
            Flush();
            return _refused;
        }
        finally
        {
            _batch.Clear();
            _appender = null!;
        }
    }

    private void AppendSeries(MessageSlice slice, ReadOnlySpan<byte> series)
    {
        bool isValid = _labels.Read(series, out int firstOther);
        if (!isValid && InvalidSeries++ == 0)
            FirstInvalidSeries = slice;
        // The series is looked up when its first row comes: without rows it is not created.
        SeriesRef target = SeriesRef.None;
        var reader = new ProtobufReader(series[firstOther..]);
        while (reader.TryReadField(out int field))
        {
            switch (field)
            {
                case 2:
                    SampleMessage.Read(reader.ReadBytes(), out long timeMs, out double value);
                    if (isValid && BeginRow(timeMs, slice, ref target))
                        _batch.Add(target, timeMs, value);
                    break;
                case 3:
                    AddExemplar(target, reader.ReadBytes());
                    break;
                case 4:
                    AddHistogram(isValid, slice, ref target, reader.ReadBytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }

            if (reader.Failure != ProtobufFailure.None)
            {
                MalformedRequestException.Throw(
                    reader, "TimeSeries", field switch { 2 => "Samples", 3 => "Exemplars", 4 => "Histograms", _ => "Labels" });
            }
        }
    }

    /// <summary>Checks a row's time, finds its series, makes room; false if the row must not be added.</summary>
    private bool BeginRow(long timeMs, MessageSlice slice, ref SeriesRef target)
    {
        Rows++;
        if (_batch.Count >= MaxBatchRows)
            Flush();
        if (timeMs > _maxTimeMs)
            Refuse(new RefusedRow(AppendOutcome.OutOfBounds, "timestamp is too far in the future", slice, timeMs, 0, false));
        if (_refused is not null)
            return false;
        if (target.IsNone)
            target = _appender.GetOrCreate(_labels.Packed, XxHash64.Compute(_labels.Packed), out _);
        if (_rowSeries.Length == _batch.Count)
            Array.Resize(ref _rowSeries, 2 * _rowSeries.Length);
        _rowSeries[_batch.Count] = slice;
        return true;
    }

    private void AddHistogram(bool isValid, MessageSlice slice, ref SeriesRef target, ReadOnlySpan<byte> message)
    {
        var fields = new HistogramMessage(message);
        if (!isValid || !BeginRow(fields.TimeMs, slice, ref target))
            return;
        object histogram = fields.ToModel();
        if (ReservedSchema.Reduce(histogram) is { } error)
            Refuse(new RefusedRow(AppendOutcome.InvalidHistogram, error, slice, fields.TimeMs, 0, true));
        else if (histogram is Histogram integer)
            _batch.Add(target, fields.TimeMs, integer);
        else
            _batch.Add(target, fields.TimeMs, (FloatHistogram)histogram);
    }

    // What is wrong with an exemplar never fails a request.
    private void AddExemplar(SeriesRef target, ReadOnlySpan<byte> message)
    {
        if (!ExemplarMessage.TryRead(message, _exemplarLabels, out Exemplar exemplar))
            return;
        if (target.IsNone || _refused is not null || exemplar.TimeMs > _maxTimeMs)
            return;
        if (_batch.Exemplars.Count >= MaxBatchRows)
            Flush();
        _batch.Exemplars.Add((target, exemplar));
    }

    // Rows before it come first: one of them may have been refused already.
    private void Refuse(RefusedRow row)
    {
        Flush();
        _refused ??= row;
    }

    private void Flush()
    {
        if (_refused is null && _batch.Count + _batch.Exemplars.Count > 0 && _appender.Append(_batch) > 0)
            _refused = FirstRefused();
        _batch.Clear();
    }

    private RefusedRow FirstRefused()
    {
        int row = Array.FindIndex(_batch.Outcomes, 0, _batch.Count, outcome => outcome > AppendOutcome.Identical);
        string? detail = null;
        foreach ((int errorRow, string message) in _batch.Errors)
        {
            if (errorRow == row)
                detail = message;
        }

        return new RefusedRow(
            _batch.Outcomes[row], detail, _rowSeries[row], _batch.TimesMs[row], _batch.Values[row], _batch.Histograms?[row] is not null);
    }
}
