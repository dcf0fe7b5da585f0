using System.Collections.Immutable;

namespace Forethought.Tsdb.Tests.Histories;

/// <summary>What a series may have at one time.</summary>
internal sealed record ModelCell
{
    /// <summary>What may be found: several samples of that time may have been taken.</summary>
    public ImmutableArray<string> Texts { get; init; } = [];

    /// <summary>Whether one of the texts must be found.</summary>
    public bool IsCertain { get; init; }

    /// <summary>Whether there may be one out of order, which deletions hide only until it is in a block.</summary>
    public bool IsLate { get; init; }

    /// <summary>
    /// Whether there was ever one out of order. It is in the write-ahead log, too, from where a restart may bring it back in order if
    /// nothing of its series was before it there, as upstream.
    /// </summary>
    public bool CameLate { get; init; }

    /// <summary>When what is certain is durable.</summary>
    public LogPlace Place { get; init; } = LogPlace.Durable;

    /// <summary>What was appended without being acknowledged: it may be there after the next start.</summary>
    public ImmutableArray<string> Unacknowledged { get; init; } = [];

    /// <summary>What was deleted, or was gone after a start: it may be back after a power loss if the deletion was not durable.</summary>
    public ImmutableArray<(string Text, LogPlace Place)> Gone { get; init; } = [];

    /// <summary>With one more sample.</summary>
    public ModelCell With(HistoryRow row, bool isCertain, LogPlace place) => this with
    {
        Texts = Texts.Contains(row.Text) ? Texts : Texts.Add(row.Text),
        IsCertain = IsCertain || isCertain,
        IsLate = IsLate || row.IsLate,
        CameLate = CameLate || row.IsLate,
        Place = IsCertain ? Place : place,
    };

    /// <summary>With a sample that was not acknowledged.</summary>
    public ModelCell WithUnacknowledged(string text) => this with { Unacknowledged = Unacknowledged.Add(text) };

    /// <summary>After a deletion.</summary>
    /// <param name="isDone">Whether it was acknowledged.</param>
    /// <param name="place">When it is durable.</param>
    public ModelCell Delete(bool isDone, LogPlace place)
    {
        if (IsLate || !isDone)
            return this with { IsCertain = false };
        return new ModelCell
        {
            Gone = Gone.AddRange(Texts.Select(text => (text, place))),
            Unacknowledged = CameLate ? Unacknowledged.AddRange(Texts) : Unacknowledged,
            CameLate = CameLate,
        };
    }

    /// <summary>After the process ended.</summary>
    public ModelCell Kill() => this with { Texts = [.. Texts.Union(Unacknowledged)], Unacknowledged = [] };

    /// <summary>After the power was lost.</summary>
    public ModelCell LosePower(LogFrontier frontier)
    {
        ImmutableArray<string> back = [.. Gone.Where(gone => !frontier.Covers(gone.Place)).Select(gone => gone.Text)];
        return this with
        {
            Texts = [.. Texts.Union(Unacknowledged).Union(back)],
            IsCertain = IsCertain && frontier.Covers(Place) && back.IsEmpty,
            Unacknowledged = [],
            Gone = [.. Gone.Select(gone => (gone.Text, LogPlace.Durable))],
        };
    }

    /// <summary>After it was found what is there.</summary>
    /// <param name="text">Null if there is nothing.</param>
    /// <param name="mayComeBack">Whether what is not seen may be seen later.</param>
    /// <param name="isDurable">Whether what is there, and that the rest is not, is on stable storage.</param>
    public ModelCell Adopt(string? text, bool mayComeBack, bool isDurable)
    {
        if (text is not null)
            return this with { IsCertain = true, Place = isDurable ? LogPlace.Durable : IsCertain ? Place : LogPlace.Never };
        if (mayComeBack)
            return this;
        LogPlace place = isDurable ? LogPlace.Durable : LogPlace.Never;
        return new ModelCell { CameLate = CameLate, Gone = [.. Gone, .. Texts.Select(lost => (lost, place))] };
    }
}
