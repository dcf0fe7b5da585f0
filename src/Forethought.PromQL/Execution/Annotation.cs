using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>A warning or an info about the data a query met. Notes with the same text are one note.</summary>
internal class Annotation(bool isInfo, string text, PositionRange position)
{
    public bool IsInfo => isInfo;

    /// <summary>The text without position: what makes two annotations the same.</summary>
    public string Text => text;

    public PositionRange Position { get; private set; } = position;

    /// <summary>Where the operator that met it stands in upstream's order of evaluation.</summary>
    public int Order { get; set; }

    /// <summary>Takes in a later annotation with the same text: the position of the one evaluated last stays, as upstream.</summary>
    public virtual void Merge(Annotation other)
    {
        if (other.Order < Order)
            return;
        Position = other.Position;
        Order = other.Order;
    }

    /// <summary>The text as users see it.</summary>
    public string Render(ReadOnlySpan<byte> query) => $"{text}{Details()} ({Position.StartLineColumn(query)})";

    protected virtual string Details() => "";
}
