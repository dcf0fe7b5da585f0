namespace Forethought.Regex.Syntax;

/// <summary>A capturing group; groups count from 1 in the order of their opening parentheses.</summary>
internal sealed class CaptureNode : Node
{
    internal CaptureNode(Node body, int group)
    {
        Body = body;
        Group = group;
        Height = body.Height + 1;
        RepeatProduct = body.RepeatProduct;
        Size = body.Size + 2;
    }

    internal Node Body { get; }

    internal int Group { get; }

    internal override long Size { get; }

    internal override bool MatchesEmpty => Body.MatchesEmpty;
}
