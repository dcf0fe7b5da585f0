using Forethought.Encoding;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// Reads the start timestamps of chunks that have them. A header byte says in bit 7 whether the first sample has one, as varint
/// t − st, and in bits 0–6 from which sample on (0: none) the distance to the previous sample's time is written: first itself, then
/// its changes, as varbit. Before that sample the start timestamp stays as it is.
/// </summary>
internal struct StartTimeReader(byte header)
{
    public const int HeaderBytes = 1;

    private const byte FirstIsKnown = 0x80;

    private readonly int _firstChange = header & ~FirstIsKnown;
    private long _distance;

    /// <summary>Whether any sample may have a start timestamp.</summary>
    public readonly bool HasAny => header != 0;

    /// <summary>The current sample's start timestamp in milliseconds, 0 for none.</summary>
    public long StartMs { get; private set; }

    /// <exception cref="InvalidDataException">The bits end.</exception>
    public void ReadFirst(ref BitReader reader, long timeMs)
    {
        if ((header & FirstIsKnown) == 0)
            return;
        if (!reader.TryReadVarint(out long distance))
            throw new InvalidDataException("unexpected end of bit stream");
        StartMs = timeMs - distance;
    }

    /// <param name="reader">Stands behind the sample.</param>
    /// <param name="index">The sample's number in the chunk, from 1.</param>
    /// <param name="previousTimeMs">The time of the sample before.</param>
    /// <exception cref="InvalidDataException">The bits end.</exception>
    public void ReadNext(ref BitReader reader, int index, long previousTimeMs)
    {
        if (_firstChange == 0 || index < _firstChange)
            return;
        long read = VarbitInt.Read(ref reader);
        _distance = index == _firstChange ? read : _distance + read;
        StartMs = previousTimeMs - _distance;
    }
}
