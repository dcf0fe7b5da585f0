using Forethought.Regex.Syntax;

namespace Forethought.Regex.Programs;

/// <summary>A pattern as instructions of a non-deterministic automaton over runes. Immutable.</summary>
internal sealed class RegexProgram
{
    /// <summary>The place of the only match instruction.</summary>
    internal const int MatchAt = 0;

    private readonly Instruction[] _instructions;
    private readonly RuneSet[] _sets;

    internal RegexProgram(Instruction[] instructions, RuneSet[] sets, int start, AnchoredBody body)
    {
        _instructions = instructions;
        _sets = sets;
        Start = start;
        AnchoredStart = body.AnchoredStart;
        AnchoredEnd = body.AnchoredEnd;
        foreach (Instruction instruction in instructions)
        {
            if (instruction.Opcode == Opcode.Assert)
                Assertions |= (AssertionKinds)instruction.Argument;
        }
    }

    internal ReadOnlySpan<Instruction> Instructions => _instructions;

    internal ReadOnlySpan<RuneSet> Sets => _sets;

    internal int Length => _instructions.Length;

    internal int Start { get; }

    /// <summary>Whether a match begins at the beginning of the text only.</summary>
    internal bool AnchoredStart { get; }

    /// <summary>Whether a match counts at the end of the text only.</summary>
    internal bool AnchoredEnd { get; }

    /// <summary>The assertions that occur.</summary>
    internal AssertionKinds Assertions { get; }

    /// <summary>Whether the instruction consumes <paramref name="rune"/>.</summary>
    internal bool Consumes(in Instruction instruction, int rune) => instruction.Opcode switch
    {
        Opcode.Rune => instruction.Argument == rune,
        Opcode.Set => _sets[instruction.Argument].Contains(rune),
        Opcode.AnyRune => true,
        _ => false,
    };
}
