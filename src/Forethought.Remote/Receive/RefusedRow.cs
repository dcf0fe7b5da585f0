using Forethought.Storage;

namespace Forethought.Remote.Receive;

/// <summary>The first row of a request that was not accepted, which makes the whole request fail.</summary>
/// <param name="Outcome">Why.</param>
/// <param name="Detail">More than the outcome says, null if there is no more.</param>
/// <param name="Series">Its series in the request.</param>
/// <param name="TimeMs">Its time in milliseconds since the Unix epoch.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsHistogram">Whether it has a native histogram instead.</param>
internal sealed record RefusedRow(
    AppendOutcome Outcome,
    string? Detail,
    MessageSlice Series,
    long TimeMs,
    double Value,
    bool IsHistogram)
{
    /// <summary>Upstream's text, as far as it can be told without looking into the store.</summary>
    public string Text => Outcome switch
    {
        AppendOutcome.OutOfOrder => "out of order sample",
        AppendOutcome.OutOfBounds => Detail is null ? "out of bounds" : "out of bounds: " + Detail,
        AppendOutcome.TooOld => "too old sample",
        AppendOutcome.DuplicateTimestamp => "duplicate sample for timestamp",
        AppendOutcome.InvalidHistogram => Detail ?? "invalid histogram",
        _ => "unknown series",
    };

    /// <summary>Whether the sender is to blame, and sending again would be in vain.</summary>
    public bool IsBadRequest => Outcome != AppendOutcome.UnknownSeries;
}
