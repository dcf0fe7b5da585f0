using Forethought.Regex.Programs;
using Forethought.Regex.Syntax;

namespace Forethought.Regex.Matching;

/// <summary>
/// Runs a program over a text as a set of places, rune by rune, to decide whether it matches: time is the product of both
/// lengths at most. The deterministic automaton is built from the same steps. Not thread-safe.
/// </summary>
internal sealed class SetStepper
{
    private readonly RegexProgram _program;
    private readonly int[] _stack;
    private readonly PcSet _resolved;
    private PcSet _pending;
    private PcSet _following;

    internal SetStepper(RegexProgram program)
    {
        _program = program;
        // A place is pushed only once a set, by the one instruction visited before it, but a split pushes two.
        _stack = new int[2 * program.Length + 1];
        _pending = new PcSet(program.Length);
        _following = new PcSet(program.Length);
        _resolved = program.Assertions == AssertionKinds.None ? _pending : new PcSet(program.Length);
    }

    /// <summary>Instructions looked at so far: the measure of work done.</summary>
    internal long Work { get; private set; }

    /// <summary>The places reached, those that wait for an assertion among them.</summary>
    internal ReadOnlySpan<int> Places => _pending.Members;

    /// <summary>Whether a place reached is an assertion, whose outcome depends on the rune before.</summary>
    internal bool WaitsForAssertion
    {
        get
        {
            foreach (int pc in _pending.Members)
            {
                if (_program.Instructions[pc].Opcode == Opcode.Assert)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Goes to the beginning of a text.</summary>
    internal StepOutcome Start()
    {
        _pending.Clear();
        AddReachable(_pending, _program.Start, AssertionKinds.None);
        return Outcome();
    }

    /// <summary>Goes to places reached earlier.</summary>
    internal void Restore(ReadOnlySpan<int> places)
    {
        _pending.Clear();
        foreach (int pc in places)
            AddReachable(_pending, pc, AssertionKinds.None);
    }

    /// <summary>Consumes <paramref name="rune"/>, or the end of the text if it is <see cref="Assertions.NoRune"/>, after which nothing is undecided.</summary>
    internal StepOutcome Step(RuneContext before, int rune)
    {
        PcSet places = Resolve(before, rune);
        bool atEnd = rune == Assertions.NoRune;
        if (places.HasVisited(RegexProgram.MatchAt) && (atEnd || !_program.AnchoredEnd))
            return StepOutcome.Matched;
        if (atEnd)
            return StepOutcome.Dead;

        _following.Clear();
        ReadOnlySpan<Instruction> instructions = _program.Instructions;
        Work += places.Count;
        foreach (int pc in places.Members)
        {
            ref readonly Instruction instruction = ref instructions[pc];
            if (_program.Consumes(in instruction, rune))
                AddReachable(_following, instruction.Next, AssertionKinds.None);
        }

        if (!_program.AnchoredStart)
            AddReachable(_following, _program.Start, AssertionKinds.None);
        (_pending, _following) = (_following, _pending);
        return Outcome();
    }

    /// <summary>Decides the rest of a text from the places reached.</summary>
    internal bool Finish(RuneContext before, ReadOnlySpan<byte> rest)
    {
        for (int position = 0; position < rest.Length;)
        {
            int rune = Utf8Runes.Read(rest, position, out int length);
            position += length;
            StepOutcome outcome = Step(before, rune);
            if (outcome != StepOutcome.Undecided)
                return outcome == StepOutcome.Matched;
            before = Assertions.ContextOf(rune);
        }

        return Step(before, Assertions.NoRune) == StepOutcome.Matched;
    }

    private StepOutcome Outcome()
    {
        if (_pending.Count == 0)
            return StepOutcome.Dead;
        if (!_pending.HasVisited(RegexProgram.MatchAt))
            return StepOutcome.Undecided;
        return !_program.AnchoredEnd || AcceptsAnything() ? StepOutcome.Matched : StepOutcome.Undecided;
    }

    /// <summary>Whether the pattern ends in <c>.*</c> and has got there: a rune consumed leads back to where both it and the match are.</summary>
    private bool AcceptsAnything()
    {
        ReadOnlySpan<Instruction> instructions = _program.Instructions;
        foreach (int pc in _pending.Members)
        {
            if (instructions[pc].Opcode != Opcode.AnyRune)
                continue;
            Instruction loop = instructions[instructions[pc].Next];
            if (loop.Opcode == Opcode.Split
                && ((loop.Next == pc && loop.Argument == RegexProgram.MatchAt) || (loop.Argument == pc && loop.Next == RegexProgram.MatchAt)))
                return true;
        }

        return false;
    }

    private PcSet Resolve(RuneContext before, int rune)
    {
        if (_program.Assertions == AssertionKinds.None)
            return _pending;

        AssertionKinds holding = Assertions.HoldingBetween(before, Assertions.ContextOf(rune));
        _resolved.Clear();
        foreach (int pc in _pending.Members)
            AddReachable(_resolved, pc, holding);
        return _resolved;
    }

    /// <summary>Adds what can be reached without consuming a rune.</summary>
    private void AddReachable(PcSet set, int start, AssertionKinds holding)
    {
        ReadOnlySpan<Instruction> instructions = _program.Instructions;
        int depth = 0;
        _stack[depth++] = start;
        while (depth > 0)
        {
            int pc = _stack[--depth];
            if (!set.Visit(pc))
                continue;
            Work++;
            Instruction instruction = instructions[pc];
            switch (instruction.Opcode)
            {
                case Opcode.Split:
                    _stack[depth++] = instruction.Argument;
                    _stack[depth++] = instruction.Next;
                    break;
                case Opcode.Capture:
                    _stack[depth++] = instruction.Next;
                    break;
                case Opcode.Assert when ((AssertionKinds)instruction.Argument & holding) != 0:
                    _stack[depth++] = instruction.Next;
                    break;
                default:
                    set.Keep(pc);
                    break;
            }
        }
    }
}
