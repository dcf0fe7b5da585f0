using Forethought.Model;
using Forethought.Storage;

namespace Forethought.PromQL.Execution;

/// <summary>The series of one selector as storage hands them out: labels, then all samples in one batch.</summary>
/// <param name="run">The query.</param>
/// <param name="series">The series.</param>
/// <param name="statisticsOnly">Whether of native histograms only count and sum are looked at.</param>
internal sealed class SeriesReader(QueryRun run, ISeriesSet series, bool statisticsOnly)
{
    /// <summary>The samples of the current series, stale markers included.</summary>
    public SampleBatch Batch { get; } = new();

    /// <summary>The packed labels of the current series, valid until the next move.</summary>
    public ReadOnlySpan<byte> Labels => series.PackedLabels;

    /// <summary>Moves to the next series and reads it; false at the end.</summary>
    /// <exception cref="PromQlException">Storage could not be read, or the query is over.</exception>
    public bool MoveNext()
    {
        run.ThrowIfStopped();
        try
        {
            if (!series.MoveNext())
            {
                run.Annotations.AddStorageWarnings(series.Warnings);
                return false;
            }

            Batch.Clear();
            while (series.Read(Batch))
            {
            }
        }
        catch (StorageException exception)
        {
            throw new PromQlException(PromQlErrorKind.Execution, "expanding series: " + exception.Message, exception);
        }

        if (statisticsOnly)
            HistogramStatistics.Reduce(Batch);
        return true;
    }
}
