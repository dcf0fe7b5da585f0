using Forethought.Model;

namespace Forethought.Tsdb.Index;

/// <summary>
/// Answers whether a matcher accepts a series, from its pair numbers, running the matcher once per distinct value. For one query
/// and one thread, which keeps an epoch pinned.
/// </summary>
internal sealed class PairMemo(LabelPairTable pairs, Matcher matcher, uint name)
{
    private readonly Dictionary<uint, bool> _accepted = [];
    private readonly bool _acceptsAbsence = matcher.MatchesEmpty;

    /// <summary>Whether the matcher accepts the series.</summary>
    public bool Accepts(ReadOnlySpan<uint> series)
    {
        foreach (uint pair in series)
        {
            if (pairs[pair].Name == name)
                return AcceptsValue(pair);
        }

        return _acceptsAbsence;
    }

    private bool AcceptsValue(uint pair)
    {
        if (!_accepted.TryGetValue(pair, out bool accepted))
        {
            accepted = matcher.Matches(pairs[pair].ValueBytes);
            _accepted.Add(pair, accepted);
        }

        return accepted;
    }
}
