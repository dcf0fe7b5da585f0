using System.Globalization;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>Says that a sample claims to have started before the sample in front of it.</summary>
internal sealed class StartTimeOverlapAnnotation(string text, PositionRange position)
    : Annotation(isInfo: false, text, position)
{
    private long _count = 1;

    public override void Merge(Annotation other)
    {
        base.Merge(other);
        _count += ((StartTimeOverlapAnnotation)other)._count;
    }

    protected override string Details() =>
        _count > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({_count} occurrences)") : "";
}
