using Forethought.PromQL.Execution;

namespace Forethought.Web;

/// <summary>Writes what a query cost: the member <c>stats</c> of its answer.</summary>
internal static class QueryStatisticsWriter
{
    /// <summary>Writes <c>,"stats":{…}</c>.</summary>
    public static void Write(JsonOutput output, QueryStatistics statistics)
    {
        output.Raw(",\"stats\":{\"timings\":{\"evalTotalTime\":"u8);
        output.Number(statistics.EvaluationTotalTime.TotalSeconds);
        output.Raw(",\"resultSortTime\":"u8);
        output.Number(statistics.ResultSortTime.TotalSeconds);
        output.Raw(",\"queryPreparationTime\":"u8);
        output.Number(statistics.PreparationTime.TotalSeconds);
        output.Raw(",\"innerEvalTime\":"u8);
        output.Number(statistics.InnerEvaluationTime.TotalSeconds);
        output.Raw(",\"execQueueTime\":"u8);
        output.Number(statistics.QueueTime.TotalSeconds);
        output.Raw(",\"execTotalTime\":"u8);
        output.Number(statistics.ExecutionTotalTime.TotalSeconds);
        output.Raw("},\"samples\":{"u8);
        WriteSteps(output, "\"totalQueryableSamplesPerStep\":"u8, statistics, statistics.TotalSamplesPerStep);
        output.Raw("\"totalQueryableSamples\":"u8);
        output.Number(statistics.TotalSamples);
        output.Raw(',');
        WriteSteps(output, "\"samplesReadPerStep\":"u8, statistics, statistics.SamplesReadPerStep);
        output.Raw("\"samplesRead\":"u8);
        output.Number(statistics.SamplesRead);
        output.Raw(",\"peakSamples\":"u8);
        output.Number(statistics.PeakSamples);
        output.Raw("}}"u8);
    }

    private static void WriteSteps(JsonOutput output, ReadOnlySpan<byte> key, QueryStatistics statistics, ReadOnlySpan<long> counts)
    {
        if (counts.IsEmpty)
            return;
        output.Raw(key);
        output.Raw('[');
        for (int step = 0; step < counts.Length; step++)
        {
            if (step > 0)
                output.Raw(',');
            output.Raw('[');
            output.Timestamp(statistics.StartMs + (step * statistics.StepMs));
            output.Raw(',');
            output.Number(counts[step]);
            output.Raw(']');
        }

        output.Raw("],"u8);
    }
}
