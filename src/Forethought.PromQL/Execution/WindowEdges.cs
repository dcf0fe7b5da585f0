namespace Forethought.PromQL.Execution;

/// <summary>Finds where windows begin and end among sorted sample times: both pointers only move forward.</summary>
internal static class WindowEdges
{
    /// <summary>
    /// Sets <c>edges[s]</c> to the number of times that are ≤ <paramref name="firstMs"/> + s × <paramref name="stepMs"/>: the index
    /// behind the newest sample of an instant, and, for the open left end of a window, the index of its first sample.
    /// </summary>
    public static void Find(ReadOnlySpan<long> times, long firstMs, long stepMs, Span<int> edges)
    {
        if (times.IsEmpty)
        {
            edges.Clear();
            return;
        }

        int index = CountUpTo(times, firstMs);
        int stride = SamplesPerStep(times, stepMs);
        long boundary = firstMs;
        for (int s = 0; s < edges.Length; s++, boundary += stepMs)
        {
            // Samples mostly come at a fixed interval, so the edge mostly jumps by the same number of samples.
            int guess = index + stride;
            if (guess <= times.Length && guess > 0 && times[guess - 1] <= boundary)
                index = guess;
            while (index < times.Length && times[index] <= boundary)
                index++;
            edges[s] = index;
        }
    }

    private static int CountUpTo(ReadOnlySpan<long> times, long boundary)
    {
        int low = 0;
        int high = times.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (times[middle] <= boundary)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static int SamplesPerStep(ReadOnlySpan<long> times, long stepMs)
    {
        long span = times[^1] - times[0];
        return span <= 0 ? 0 : (int)Math.Min(times.Length, (double)stepMs * (times.Length - 1) / span);
    }
}
