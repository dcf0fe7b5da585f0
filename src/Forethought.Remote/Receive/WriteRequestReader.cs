using Forethought.Encoding;

namespace Forethought.Remote.Receive;

/// <summary>
/// Walks the series of a <c>prometheus.WriteRequest</c>; its metadata is passed over. Nothing is copied or allocated.
/// </summary>
internal ref struct WriteRequestReader(ReadOnlySpan<byte> message)
{
    private const int Series = 1;
    private const int Metadata = 3;

    private ProtobufReader _reader = new(message);

    /// <summary>Finds the next series.</summary>
    /// <param name="series">Its <c>prometheus.TimeSeries</c> message: where it is in the request.</param>
    /// <returns>False at the end of the request.</returns>
    /// <exception cref="MalformedRequestException">The request is not well-formed.</exception>
    public bool TryReadSeries(out MessageSlice series)
    {
        while (_reader.TryReadField(out int field))
        {
            if (field == Series)
            {
                int length = _reader.ReadBytes().Length;
                ThrowIfFailed(field);
                series = new MessageSlice(_reader.Position - length, length);
                return true;
            }

            if (field == Metadata)
                _reader.ReadBytes();
            else
                _reader.Skip();
            ThrowIfFailed(field);
        }

        ThrowIfFailed(0);
        series = default;
        return false;
    }

    private readonly void ThrowIfFailed(int field)
    {
        if (_reader.Failure != ProtobufFailure.None)
            MalformedRequestException.Throw(_reader, "WriteRequest", field == Metadata ? nameof(Metadata) : "Timeseries");
    }
}
