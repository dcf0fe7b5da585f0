using System.Numerics;

namespace Forethought.Tsdb.Index;

/// <summary>
/// Walks a snapshot of a postings list in ascending order and seeks forward in it, block by block. A reader's epoch must keep the
/// list's memory alive.
/// </summary>
/// <remarks>Bounds: positions stay below the block's count or run count, bit positions below 65,536.</remarks>
internal unsafe struct PostingsCursor
{
    private const int BlockShift = 16;

    private readonly PostingsList _list;

    // −1 before the first block; SealedCount stands for the open block.
    private int _block = -1;
    private PostingsBlock _current;

    // Array: next index. Bitmap: next bit. Runs: current run, with _inRun the next offset within it.
    private int _position;
    private int _inRun;

    public PostingsCursor(PostingsList list) => _list = list;

    /// <summary>The reference reached by the last successful move.</summary>
    public ulong Current { get; private set; }

    /// <summary>Moves to the next reference; false at the end.</summary>
    public bool MoveNext()
    {
        while (_block < 0 || !NextInBlock())
        {
            if (!NextBlock())
                return false;
        }

        return true;
    }

    /// <summary>
    /// Whether the list holds <paramref name="reference"/>. Calls must come in ascending order of reference and not be mixed with
    /// <see cref="MoveNext"/>.
    /// </summary>
    public bool Contains(ulong reference)
    {
        ulong key = reference >> BlockShift;
        while (_block < 0 || _current.Key < key)
        {
            if (!NextBlock())
                return false;
        }

        return _current.Key == key && BlockContains((ushort)reference);
    }

    /// <summary>Sets the bits of the current block's offsets; for unions, with <see cref="NextBlock"/> and <see cref="Key"/>.</summary>
    public readonly void AddTo(Span<ulong> words)
    {
        switch (_current.Kind)
        {
            case PostingsBlockKind.Array:
                foreach (ushort offset in new ReadOnlySpan<ushort>(_current.Data, _current.Count))
                    words[offset >> 6] |= 1UL << (offset & 63);
                break;
            case PostingsBlockKind.Bitmap:
                var bits = new ReadOnlySpan<ulong>(_current.Data, words.Length);
                for (int i = 0; i < words.Length; i++)
                    words[i] |= bits[i];
                break;
            case PostingsBlockKind.Single:
                words[_current.RunCountOrOffset >> 6] |= 1UL << (_current.RunCountOrOffset & 63);
                break;
            default:
                var runs = new ReadOnlySpan<ushort>(_current.Data, _current.RunCountOrOffset * 2);
                for (int i = 0; i < runs.Length; i += 2)
                    SetRange(words, runs[i], runs[i] + runs[i + 1]);
                break;
        }
    }

    /// <summary>The current block's references shifted right by 16.</summary>
    public readonly ulong Key => _current.Key;

    /// <summary>Moves to the next block; false at the end, and then the cursor stays at an empty place past the last.</summary>
    public bool NextBlock()
    {
        _position = 0;
        _inRun = 0;
        _block++;
        if (_block < _list.SealedCount)
        {
            _current = _list.Sealed[_block];
            return true;
        }

        if (_block > _list.SealedCount || _list.Count == 0)
        {
            _current = new PostingsBlock { Key = ulong.MaxValue };
            return false;
        }

        _current = OpenBlock();
        return true;
    }

    private static void SetRange(Span<ulong> words, int first, int last)
    {
        for (int bit = first; bit <= last;)
        {
            int end = Math.Min(last, bit | 63);
            words[bit >> 6] |= (ulong.MaxValue >> (63 - (end - bit))) << (bit & 63);
            bit = end + 1;
        }
    }

    private readonly PostingsBlock OpenBlock() => _list.Open == null
        ? new PostingsBlock
        {
            Key = _list.SingleOrOpenKey >> BlockShift,
            Count = 1,
            Kind = PostingsBlockKind.Single,
            RunCountOrOffset = (ushort)_list.SingleOrOpenKey,
        }
        : new PostingsBlock
        {
            Key = _list.SingleOrOpenKey,
            Count = _list.OpenLength,
            Data = (byte*)_list.Open,
            Kind = PostingsBlockKind.Array,
        };

    private bool NextInBlock()
    {
        int offset = _current.Kind switch
        {
            PostingsBlockKind.Array => NextInArray(),
            PostingsBlockKind.Bitmap => NextInBitmap(),
            PostingsBlockKind.Single => _position++ == 0 ? _current.RunCountOrOffset : -1,
            _ => NextInRuns(),
        };
        if (offset < 0)
            return false;
        Current = (_current.Key << BlockShift) | (uint)offset;
        return true;
    }

    private int NextInArray() => _position < _current.Count ? ((ushort*)_current.Data)[_position++] : -1;

    private int NextInBitmap()
    {
        var words = (ulong*)_current.Data;
        for (; _position < 1 << BlockShift; _position = (_position | 63) + 1)
        {
            ulong rest = words[_position >> 6] >> (_position & 63);
            if (rest == 0)
                continue;
            int found = _position + BitOperations.TrailingZeroCount(rest);
            _position = found + 1;
            return found;
        }

        return -1;
    }

    private int NextInRuns()
    {
        var runs = (ushort*)_current.Data;
        if (_position >= _current.RunCountOrOffset)
            return -1;
        int offset = runs[_position * 2] + _inRun;
        if (_inRun++ == runs[_position * 2 + 1])
        {
            _position++;
            _inRun = 0;
        }

        return offset;
    }

    private bool BlockContains(ushort offset) => _current.Kind switch
    {
        PostingsBlockKind.Bitmap => (((ulong*)_current.Data)[offset >> 6] >> (offset & 63) & 1) != 0,
        PostingsBlockKind.Array => ArrayContains(offset),
        PostingsBlockKind.Single => offset == _current.RunCountOrOffset,
        _ => RunsContain(offset),
    };

    // Gallops from where the last search ended, then bisects.
    private bool ArrayContains(ushort offset)
    {
        var offsets = (ushort*)_current.Data;
        int low = _position, step = 1;
        while (low + step < _current.Count && offsets[low + step] < offset)
        {
            low += step;
            step *= 2;
        }

        int high = Math.Min(low + step, _current.Count);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (offsets[middle] < offset)
                low = middle + 1;
            else
                high = middle;
        }

        _position = low;
        return low < _current.Count && offsets[low] == offset;
    }

    private bool RunsContain(ushort offset)
    {
        var runs = (ushort*)_current.Data;
        while (_position < _current.RunCountOrOffset && runs[_position * 2] + runs[_position * 2 + 1] < offset)
            _position++;
        return _position < _current.RunCountOrOffset && runs[_position * 2] <= offset;
    }
}
