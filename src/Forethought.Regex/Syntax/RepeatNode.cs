namespace Forethought.Regex.Syntax;

/// <summary>A repetition: <c>*</c> is {0,}, <c>+</c> is {1,}, <c>?</c> is {0,1}.</summary>
internal sealed class RepeatNode : Node
{
    internal const int Unbounded = -1;

    internal RepeatNode(Node body, int minimum, int maximum, bool greedy)
    {
        Body = body;
        Minimum = minimum;
        Maximum = maximum;
        Greedy = greedy;
        Height = body.Height + 1;
        RepeatProduct = ProductWith(body.RepeatProduct);
        Size = Math.Max(1, SizeOf(body.Size));
        MatchesEmpty = minimum == 0 || body.MatchesEmpty;
    }

    internal Node Body { get; }

    internal int Minimum { get; }

    /// <summary>The most repetitions, or <see cref="Unbounded"/>.</summary>
    internal int Maximum { get; }

    internal bool Greedy { get; }

    internal override long Size { get; }

    internal override bool MatchesEmpty { get; }

    private int ProductWith(int below)
    {
        if (Maximum == 0)
            return 1;
        int count = Math.Max(1, Maximum == Unbounded ? Minimum : Maximum);
        return (int)Math.Min(int.MaxValue, (long)count * below);
    }

    // x{2,} is xx+, x{2,5} is xx(x(x(x)?)?)?; the star is counted pessimistically.
    private long SizeOf(long body) => Maximum switch
    {
        Unbounded when Minimum == 0 => body + 2,
        Unbounded => Minimum * body + 1,
        _ => Maximum * body + (Maximum - Minimum),
    };
}
