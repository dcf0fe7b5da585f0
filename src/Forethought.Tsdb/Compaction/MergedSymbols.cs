namespace Forethought.Tsdb.Compaction;

/// <summary>Sorted texts of several sources as one sequence.</summary>
internal static class MergedSymbols
{
    /// <summary>Walks all sequences at once and yields each text once, in byte order.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(IEnumerable<IEnumerable<ReadOnlyMemory<byte>>> sources)
    {
        List<IEnumerator<ReadOnlyMemory<byte>>> left = [.. sources.Select(source => source.GetEnumerator())];
        IEnumerator<ReadOnlyMemory<byte>>[] all = [.. left];
        try
        {
            left.RemoveAll(source => !source.MoveNext());
            while (left.Count > 0)
            {
                // A copy: some sources overwrite a text when they move on.
                byte[] least = Least(left).ToArray();
                yield return least;
                left.RemoveAll(source => source.Current.Span.SequenceEqual(least) && !source.MoveNext());
            }
        }
        finally
        {
            foreach (IEnumerator<ReadOnlyMemory<byte>> source in all)
                source.Dispose();
        }
    }

    private static ReadOnlySpan<byte> Least(List<IEnumerator<ReadOnlyMemory<byte>>> sources)
    {
        ReadOnlySpan<byte> least = sources[0].Current.Span;
        foreach (IEnumerator<ReadOnlyMemory<byte>> source in sources)
        {
            if (source.Current.Span.SequenceCompareTo(least) < 0)
                least = source.Current.Span;
        }

        return least;
    }
}
