using Forethought.Tsdb.Memory;
using Forethought.Tsdb.Wal;

namespace Forethought.Tsdb.Head;

/// <summary>
/// Gathers the float samples of a log by pages of series, so that a page's states and open chunks, which fit into the processor's
/// cache, are met once for many samples and not once for each scrape. A page's samples are handed over in the order of the log.
/// Used by the thread that decodes.
/// </summary>
internal sealed class ReplayPages(ReplayAppender appender, ReplayRowPool pool, ReplayLimits limits)
{
    // Work that the other thread should have before it. No more, because pages that wait here gather samples.
    private const int EnoughPending = 2;

    // Pages with samples, the one that waits longest first; an entry is void when its page was handed over since.
    private readonly Queue<(uint Page, long Opened)> _waiting = new();
    private Page[] _pages = [];
    private long _opened;

    /// <summary>Whether there are samples that were not handed over.</summary>
    public bool HasRows => _waiting.Count > 0;

    /// <summary>Adds samples with their slots; those without one are left out.</summary>
    public void Add(WalSamples samples, ReadOnlySpan<uint> slots)
    {
        ReadOnlySpan<long> times = samples.TimesMs;
        ReadOnlySpan<double> values = samples.Values;
        ReadOnlySpan<long> starts = samples.StartTimesMs;
        for (int i = 0; i < slots.Length;)
        {
            if (slots[i] == SeriesRefMap.None)
            {
                i++;
                continue;
            }

            ReplayRows rows = RowsFor(slots[i] >> PagedArray<SeriesState>.PageShift);
            i += rows.Add(slots[i..], times[i..], values[i..], starts.IsEmpty ? default : starts[i..]);
        }
    }

    /// <summary>Hands all samples over.</summary>
    public void HandOverAll()
    {
        while (_waiting.Count > 0)
            HandOverOldest();
    }

    // A buffer of the page with room for a sample at least.
    private ReplayRows RowsFor(uint number)
    {
        if (number >= (uint)_pages.Length)
            Array.Resize(ref _pages, Math.Max((int)number + 1, 2 * _pages.Length));
        if (_pages[number].Last is { IsFull: false } last)
            return last;
        if (_pages[number].Buffers >= Math.Max(1, limits.PageRows / limits.BufferRows))
            HandOver(number);
        if (pool.Available <= limits.ReservedBuffers && appender.PendingPages < EnoughPending)
            HandOverSome();
        ReplayRows rows = pool.Take();
        ref Page page = ref _pages[number];
        if (page.Last is null)
        {
            page.First = rows;
            page.Opened = ++_opened;
            _waiting.Enqueue((number, page.Opened));
        }
        else
        {
            page.Last.Next = rows;
        }

        page.Last = rows;
        page.Buffers++;
        return rows;
    }

    // Several at a time, so that the threads need not wake each other for every page.
    private void HandOverSome()
    {
        for (int pages = limits.Buffers / 16; pages >= 0; pages--)
            HandOverOldest();
    }

    private void HandOverOldest()
    {
        while (_waiting.TryDequeue(out (uint Number, long Opened) page))
        {
            if (_pages[page.Number].Opened != page.Opened)
                continue;
            HandOver(page.Number);
            return;
        }
    }

    private void HandOver(uint number)
    {
        appender.Append(_pages[number].First!);
        _pages[number] = default;
    }

    /// <summary>The samples of a page of series: the chain of their buffers.</summary>
    private struct Page
    {
        public ReplayRows? First;
        public ReplayRows? Last;
        public int Buffers;

        // Tells this filling of the page from others; 0 while there is none.
        public long Opened;
    }
}
