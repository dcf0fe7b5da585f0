namespace Forethought.Regex.Matching;

/// <summary>What is known after a step.</summary>
internal enum StepOutcome
{
    /// <summary>The rest of the text decides.</summary>
    Undecided,

    /// <summary>No text can follow that would match.</summary>
    Dead,

    /// <summary>The text matches, whatever follows.</summary>
    Matched,
}
