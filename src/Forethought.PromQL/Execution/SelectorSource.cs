namespace Forethought.PromQL.Execution;

/// <summary>The series of one range selector, read from storage one at a time.</summary>
internal sealed class SelectorSource(SeriesReader reader) : SampleSource
{
    public override ReadOnlySpan<byte> Labels => reader.Labels;

    public override bool MoveNext()
    {
        if (!reader.MoveNext())
            return false;
        Columns.Load(reader.Batch);
        return true;
    }
}
