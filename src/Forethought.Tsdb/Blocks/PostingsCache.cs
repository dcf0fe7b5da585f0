using Forethought.Model;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// What was selected in blocks by matchers that look at many values, such as regular expressions. The labels of a block never change, so
/// an answer holds as long as the block is there. Bounded in bytes; what was asked for longest ago goes first. Thread-safe.
/// </summary>
/// <param name="maxBytes">The bytes that all answers may take together.</param>
internal sealed class PostingsCache(long maxBytes = PostingsCache.DefaultMaxBytes)
{
    /// <summary>The bound for a store: the answers to some hundred selectors over some ten blocks of a large server.</summary>
    public const long DefaultMaxBytes = 32L << 20;

    /// <summary>An answer that took less work (values and series looked at) is not worth its place.</summary>
    public const int LeastWork = 256;

    /// <summary>No answer may take more than this part of the whole.</summary>
    private const int LargestShare = 8;

    /// <summary>What an answer takes beside its references and its key: the entry, its node, its slot.</summary>
    private const int EntryBytes = 192;

    private readonly Lock _gate = new();
    private readonly Dictionary<(Ulid Block, string Selector), LinkedListNode<Entry>> _entries = [];

    // The one that was asked for last comes first.
    private readonly LinkedList<Entry> _byUse = [];
    private long _bytes;
    private long _hits;
    private long _misses;
    private long _evictions;

    /// <summary>Bytes that the answers take now.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Selections that were answered from here.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>Selections that might have been here and were not.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>Answers that made room for others.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    /// <summary>The matchers as a key, byte for byte and with lengths, so that no two selectors share one.</summary>
    public static string KeyOf(IReadOnlyList<Matcher> matchers)
    {
        var key = new System.Text.StringBuilder();
        foreach (Matcher matcher in matchers)
        {
            key.Append((int)matcher.Type).Append(':').Append(matcher.NameUtf8.Length).Append(':').Append(matcher.ValueUtf8.Length).Append(':');
            key.Append(System.Text.Encoding.Latin1.GetString(matcher.NameUtf8)).Append(System.Text.Encoding.Latin1.GetString(matcher.ValueUtf8));
        }

        return key.ToString();
    }

    /// <summary>Finds the series that a selector has in a block.</summary>
    public bool TryGet(Ulid block, string selector, out uint[] references)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue((block, selector), out LinkedListNode<Entry>? found))
            {
                _misses++;
                references = [];
                return false;
            }

            _hits++;
            _byUse.Remove(found);
            _byUse.AddFirst(found);
            references = found.Value.References;
            return true;
        }
    }

    /// <summary>Keeps an answer if it is small enough; nobody may change it any more.</summary>
    public void Add(Ulid block, string selector, uint[] references)
    {
        var entry = new Entry(block, selector, references);
        if (entry.Bytes > maxBytes / LargestShare)
            return;
        lock (_gate)
        {
            if (!_entries.TryAdd((block, selector), new LinkedListNode<Entry>(entry)))
                return;
            _byUse.AddFirst(_entries[(block, selector)]);
            _bytes += entry.Bytes;
            while (_bytes > maxBytes)
            {
                Remove(_byUse.Last!);
                _evictions++;
            }
        }
    }

    /// <summary>Drops the answers of a block that is not read any more.</summary>
    public void Forget(Ulid block)
    {
        lock (_gate)
        {
            for (LinkedListNode<Entry>? node = _byUse.First, next; node is not null; node = next)
            {
                next = node.Next;
                if (node.Value.Block == block)
                    Remove(node);
            }
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove((node.Value.Block, node.Value.Selector));
        _bytes -= node.Value.Bytes;
    }

    private sealed record Entry(Ulid Block, string Selector, uint[] References)
    {
        public long Bytes => EntryBytes + (long)Selector.Length * sizeof(char) + (long)References.Length * sizeof(uint);
    }
}
