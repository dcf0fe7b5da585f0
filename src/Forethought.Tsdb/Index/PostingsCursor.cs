using System.Diagnostics.CodeAnalysis;
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

    // Greater than all keys, which have 48 bits.
    private const ulong PastEnd = ulong.MaxValue;

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

    /// <summary>The block that <see cref="NextBlock"/> or <see cref="SeekBlock"/> came to.</summary>
    [UnscopedRef]
    public readonly ref readonly PostingsBlock Block => ref _current;

    /// <summary>
    /// Moves forward to the first block whose references, shifted right by 16, are not below <paramref name="key"/>; stays if the current
    /// one is. False at the end.
    /// </summary>
    public bool SeekBlock(ulong key)
    {
        if (_block >= 0 && _current.Key >= key)
            return _current.Key != PastEnd;

        // Most often the next one; otherwise bisects the blocks before the open one.
        int low = _block + 1, high = _list.SealedCount;
        if (low < high && _list.Sealed[low].Key < key)
        {
            low++;
            while (low < high)
            {
                int middle = (low + high) >>> 1;
                if (_list.Sealed[middle].Key < key)
                    low = middle + 1;
                else
                    high = middle;
            }
        }

        _block = low - 1;
        return NextBlock() && (_current.Key >= key || NextBlock());
    }

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
            _current = new PostingsBlock { Key = PastEnd };
            return false;
        }

        _current = OpenBlock();
        return true;
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

    /// <summary>Moves to the next reference of the block; false at its end.</summary>
    public bool NextInBlock()
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

    /// <summary>
    /// Whether the block holds the reference with these lowest bits. Calls must come in ascending order and not be mixed with moves.
    /// </summary>
    public bool BlockContains(ushort offset) => _current.Kind switch
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
