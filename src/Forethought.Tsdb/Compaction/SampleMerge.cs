using Forethought.Tsdb.Chunks;

namespace Forethought.Tsdb.Compaction;

/// <summary>
/// Merges the samples of chunks that overlap. Of samples at the same time one is kept, whichever comes first by the rule of
/// upstream's <c>chainSampleIterator</c>: a chunk goes on while its samples are earlier than those of all others, and gives way to
/// another at the same time. Reused; not thread-safe.
/// </summary>
internal sealed class SampleMerge
{
    /// <summary>Working space of more chunks than this is given up after a merge.</summary>
    private const int PooledChunks = 64;

    private readonly List<ChunkRows> _chunks = [];
    private readonly List<int> _rows = [];
    private readonly TimeHeap _waiting = new();

    /// <summary>The number of chunks to merge.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets the chunks.</summary>
    public void Clear()
    {
        Count = 0;
        if (_chunks.Count > PooledChunks)
            _chunks.RemoveRange(PooledChunks, _chunks.Count - PooledChunks);
    }

    /// <summary>Adds a chunk, whose bytes are read at once.</summary>
    /// <exception cref="TsdbCorruptionException">The chunk is damaged.</exception>
    public void Add(SourceChunk chunk)
    {
        if (Count == _chunks.Count)
            _chunks.Add(new ChunkRows());
        _chunks[Count++].Decode(chunk.Encoding, chunk.Bytes);
    }

    /// <summary>
    /// Appends the samples in order of time. What chunks know of counter resets does not survive a merge, and need not be dropped:
    /// the encoder heeds only a reset that a sample reports itself, and decoded samples report none.
    /// </summary>
    public void AppendTo(ChunkEncoder encoder)
    {
        int current = Begin();
        long? last = null;
        while (true)
        {
            int row = ++_rows[current];
            if (row < _chunks[current].Count)
            {
                long time = _chunks[current].TimesMs[row];
                if (time == last)
                    continue;
                if (_waiting.Count == 0 || time < _waiting.TopMs)
                {
                    encoder.Append(_chunks[current], row);
                    last = time;
                    continue;
                }

                _waiting.Push(current, time, 0);
            }
            else if (_waiting.Count == 0)
            {
                return;
            }

            long next = _waiting.TopMs;
            current = _waiting.Pop();
            if (next == last)
                continue;
            encoder.Append(_chunks[current], _rows[current]);
            last = next;
        }
    }

    /// <summary>Sets the first chunk before its first sample and all others on theirs.</summary>
    private int Begin()
    {
        _waiting.Clear();
        _rows.Clear();
        _rows.Add(-1);
        for (int i = 1; i < Count; i++)
        {
            _rows.Add(0);
            if (_chunks[i].Count > 0)
                _waiting.Push(i, _chunks[i].TimesMs[0], 0);
        }

        return 0;
    }
}
