using Forethought.Regex.Syntax;
using Forethought.Regex.Unicode;

namespace Forethought.Regex.Programs;

/// <summary>
/// Translates a syntax tree into a program, from its end to its beginning: each node is compiled knowing where to go on, so no
/// jump has to be patched but those of loops.
/// </summary>
internal sealed class ProgramBuilder
{
    private readonly List<Instruction> _instructions = [new Instruction(Opcode.Match, 0, 0)];
    private readonly List<RuneSet> _sets = [];
    private readonly Dictionary<RuneSet, int> _setNumbers = [];
    private readonly Dictionary<int, Instruction> _foldedRunes = [];

    private ProgramBuilder()
    {
    }

    internal static RegexProgram Build(AnchoredBody body)
    {
        var builder = new ProgramBuilder();
        int start = builder.Compile(body.Root, RegexProgram.MatchAt);
        return new RegexProgram([.. builder._instructions], [.. builder._sets], start, body);
    }

    /// <summary>Appends the instructions of <paramref name="node"/>, after which the program goes on at <paramref name="next"/>; returns their entry.</summary>
    private int Compile(Node node, int next)
    {
        switch (node)
        {
            case LiteralNode literal:
                return CompileLiteral(literal, next);
            case ClassNode { Set: var set }:
                return set.IsAny ? Emit(Opcode.AnyRune, next, 0) : Emit(Opcode.Set, next, NumberOf(set));
            case AssertionNode assertion:
                return Emit(Opcode.Assert, next, (int)assertion.Kind);
            case CaptureNode capture:
                int body = Compile(capture.Body, Emit(Opcode.Capture, next, 2 * capture.Group + 1));
                return Emit(Opcode.Capture, body, 2 * capture.Group);
            case RepeatNode repeat:
                return CompileRepeat(repeat, next);
            case ConcatNode sequence:
                for (int i = sequence.Parts.Count - 1; i >= 0; i--)
                    next = Compile(sequence.Parts[i], next);
                return next;
            case AlternateNode choice:
                return CompileChoice(choice, next);
            default:
                return next;
        }
    }

    private int CompileLiteral(LiteralNode literal, int next)
    {
        for (int i = literal.Runes.Count - 1; i >= 0; i--)
        {
            Instruction instruction = literal.FoldCase ? FoldedRune(literal.Runes[i]) : new Instruction(Opcode.Rune, 0, literal.Runes[i]);
            next = Emit(instruction.Opcode, next, instruction.Argument);
        }

        return next;
    }

    private int CompileChoice(AlternateNode choice, int next)
    {
        int entry = Compile(choice.Alternatives[^1], next);
        for (int i = choice.Alternatives.Count - 2; i >= 0; i--)
            entry = Emit(Opcode.Split, Compile(choice.Alternatives[i], next), entry);
        return entry;
    }

    private int CompileRepeat(RepeatNode repeat, int next)
    {
        int entry = next;
        int copies = repeat.Minimum;
        if (repeat.Maximum == RepeatNode.Unbounded)
        {
            entry = repeat.Minimum == 0 ? CompileStar(repeat, next) : CompilePlus(repeat, next);
            copies = Math.Max(0, copies - 1);
        }
        else
        {
            // x{0,3} is (x(x(x)?)?)?
            for (int i = repeat.Minimum; i < repeat.Maximum; i++)
                entry = EmitChoice(repeat, Compile(repeat.Body, entry), next);
        }

        for (int i = 0; i < copies; i++)
            entry = Compile(repeat.Body, entry);
        return entry;
    }

    // A body that can match nothing makes x* the same as (x+)?: only so is an empty round preferred in the order Perl has.
    private int CompileStar(RepeatNode repeat, int next)
    {
        if (repeat.Body.MatchesEmpty)
            return EmitChoice(repeat, CompilePlus(repeat, next), next);

        int loop = Emit(Opcode.Split, 0, 0);
        SetChoice(loop, repeat, Compile(repeat.Body, loop), next);
        return loop;
    }

    private int CompilePlus(RepeatNode repeat, int next)
    {
        int loop = Emit(Opcode.Split, 0, 0);
        int body = Compile(repeat.Body, loop);
        SetChoice(loop, repeat, body, next);
        return body;
    }

    private int EmitChoice(RepeatNode repeat, int again, int leave)
    {
        int split = Emit(Opcode.Split, 0, 0);
        SetChoice(split, repeat, again, leave);
        return split;
    }

    private void SetChoice(int split, RepeatNode repeat, int again, int leave) =>
        _instructions[split] = repeat.Greedy ? new Instruction(Opcode.Split, again, leave) : new Instruction(Opcode.Split, leave, again);

    private Instruction FoldedRune(int rune)
    {
        if (_foldedRunes.TryGetValue(rune, out Instruction known))
            return known;

        Instruction instruction = new(Opcode.Rune, 0, rune);
        if (CaseFolding.Next(rune) != rune)
        {
            var builder = new RuneSetBuilder();
            builder.AddRange(rune, rune, foldCase: true);
            instruction = new Instruction(Opcode.Set, 0, NumberOf(builder.Build()));
        }

        _foldedRunes.Add(rune, instruction);
        return instruction;
    }

    private int NumberOf(RuneSet set)
    {
        if (!_setNumbers.TryGetValue(set, out int number))
        {
            number = _sets.Count;
            _sets.Add(set);
            _setNumbers.Add(set, number);
        }

        return number;
    }

    private int Emit(Opcode opcode, int next, int argument)
    {
        _instructions.Add(new Instruction(opcode, next, argument));
        return _instructions.Count - 1;
    }
}
