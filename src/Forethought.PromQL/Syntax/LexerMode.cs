namespace Forethought.PromQL.Syntax;

/// <summary>What the lexer expects next.</summary>
internal enum LexerMode
{
    /// <summary>Expressions, also between braces; inside brackets what follows the first number.</summary>
    Expression,

    /// <summary>Behind an opening bracket up to the first number, and then again behind a colon.</summary>
    Duration,

    /// <summary>The values of a series in series notation.</summary>
    SeriesValues,

    /// <summary>Between double braces: the notation of one histogram.</summary>
    Histogram,

    /// <summary>Directly behind a histogram: an operator without white space in front.</summary>
    HistogramOperator,

    /// <summary>Between brackets in a histogram: bucket counts.</summary>
    Buckets,

    /// <summary>The number behind a minus sign in brackets.</summary>
    BucketNumber,
}
