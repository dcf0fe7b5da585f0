namespace Forethought.Regex.Programs;

/// <summary>What an instruction does.</summary>
internal enum Opcode : byte
{
    /// <summary>The pattern has matched.</summary>
    Match,

    /// <summary>Consumes the rune in the argument.</summary>
    Rune,

    /// <summary>Consumes a rune of the set whose number is the argument.</summary>
    Set,

    /// <summary>Consumes any rune.</summary>
    AnyRune,

    /// <summary>Continues at the next instruction and, less preferred, at the one in the argument.</summary>
    Split,

    /// <summary>Stores the position in the capture slot in the argument.</summary>
    Capture,

    /// <summary>Continues where the assertion in the argument holds.</summary>
    Assert,
}
