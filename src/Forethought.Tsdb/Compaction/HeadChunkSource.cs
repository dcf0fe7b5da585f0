using Forethought.Tsdb.Head;
using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Tombstones;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// The head's samples of a time range, to be written into a block. Chunks within the range are passed on as they are, the open one
/// included; one that reaches beyond the range, or has samples that were deleted or whose
/// transaction is not published, is cut.
/// </summary>
internal sealed class HeadChunkSource : IChunkSeriesSource
{
    private readonly HeadState _head;
    private readonly EpochPin _pin;
    private readonly LinkedListNode<OpenRead> _read;
    private readonly SortedSeries _series;
    private readonly SeriesReader _reader;
    private readonly ChunkCutter _cutter = new();
    private byte[] _packed = new byte[512];
    private int _packedLength;
    private int _next;
    private bool _isDisposed;

    /// <summary>Takes the head's series as they are now.</summary>
    /// <param name="head">The head.</param>
    /// <param name="minTimeMs">The first time wanted.</param>
    /// <param name="maxTimeMs">The last time wanted, inclusive.</param>
    /// <param name="series">The series wanted, which stay in the head meanwhile; all if not given.</param>
    public HeadChunkSource(HeadState head, long minTimeMs, long maxTimeMs, SortedSeries? series = null)
    {
        _head = head;
        _pin = head.Epochs.Pin();
        _read = head.Isolation.OpenRead(minTimeMs, maxTimeMs);
        _reader = new SeriesReader(head, _read.Value);
        try
        {
            _series = series ?? SortedSeries.Of(head.Index);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> Symbols => _series.Symbols();

    /// <inheritdoc/>
    public ReadOnlySpan<byte> PackedLabels => _packed.AsSpan(0, _packedLength);

    /// <inheritdoc/>
    public bool MoveNext()
    {
        _cutter.Clear();
        while (_next < _series.Slots.Length)
        {
            uint slot = _series.Slots[_next++];
            if (!_reader.MoveTo(slot, copiesSamples: true))
                continue;
            Pack(_head.Index.Series.Entry(slot).PairSpan);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool NextChunk(out SourceChunk chunk)
    {
        while (!_cutter.TryTake(out chunk))
        {
            if (_reader.ChunksLeft == 0)
                return false;
            ChunkView view = _reader.TakeNext(out ReadOnlySpan<byte> bytes);
            OpenRead read = _read.Value;
            bool isWhole = view.HiddenSamples == 0
                && view.MinTimeMs >= read.MinTimeMs
                && view.MaxTimeMs <= read.MaxTimeMs
                && !TimeIntervals.Touch(_reader.Deleted, view.MinTimeMs, view.MaxTimeMs);
            if (isWhole)
            {
                chunk = new SourceChunk(view.MinTimeMs, view.MaxTimeMs, view.Encoding, bytes);
                return true;
            }

            _cutter.Cut(view.Encoding, bytes, view.HiddenSamples, read.MinTimeMs, read.MaxTimeMs, _reader.Deleted);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _cutter.Dispose();
        _head.Isolation.CloseRead(_read);
        _head.Epochs.Unpin(_pin);
    }

    private void Pack(ReadOnlySpan<uint> pairs)
    {
        int length = _head.Index.Pairs.PackedLength(pairs);
        if (_packed.Length < length)
            _packed = new byte[length * 2];
        _packedLength = _head.Index.Pairs.Pack(pairs, _packed);
    }
}
