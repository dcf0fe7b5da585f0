namespace Forethought.Tsdb.Head;

/// <summary>The rows of a part of a transaction; see <see cref="StagedSamples"/>.</summary>
internal readonly record struct StagedPart(Range Floats, Range Histograms, Range FloatHistograms)
{
    /// <summary>The part without rows that follows.</summary>
    public StagedPart Next => new(Floats.End..Floats.End, Histograms.End..Histograms.End, FloatHistograms.End..FloatHistograms.End);

    /// <summary>The same beginning with other ends.</summary>
    public StagedPart Until(int floats, int histograms, int floatHistograms) =>
        new(Floats.Start..floats, Histograms.Start..histograms, FloatHistograms.Start..floatHistograms);
}
