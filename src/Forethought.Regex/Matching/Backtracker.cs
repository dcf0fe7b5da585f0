using Forethought.Regex.Programs;
using Forethought.Regex.Syntax;

namespace Forethought.Regex.Matching;

/// <summary>
/// Finds the preferred match and its groups by trying alternatives in order, for programs and texts so small that a bit for
/// each pair of place and position is cheap. No pair is tried twice, so time is bounded by their number. Not thread-safe.
/// </summary>
internal sealed class Backtracker(RegexProgram program)
{
    private const int MaxInstructions = 500;
    private const int MaxPairs = 1 << 18;

    private readonly List<Job> _jobs = [];
    private ulong[] _tried = [];
    private int _stride;

    /// <summary>Pairs of place and position tried so far.</summary>
    internal long Work { get; private set; }

    /// <summary>Whether a search over <paramref name="length"/> bytes is small enough.</summary>
    internal static bool Fits(RegexProgram program, int length) =>
        program.Length <= MaxInstructions && (long)program.Length * (length + 1) <= MaxPairs;

    /// <summary>Searches from <paramref name="start"/> on. On success the slots hold positions in the text or -1.</summary>
    internal bool TryFind(ReadOnlySpan<byte> text, int start, Span<int> slots)
    {
        _stride = text.Length - start + 1;
        int words = (int)(((long)program.Length * _stride + 63) / 64);
        if (_tried.Length < words)
            _tried = new ulong[words];
        else
            Array.Clear(_tried, 0, words);

        for (int position = start; ;)
        {
            slots.Fill(-1);
            if (TryAt(text, start, position, slots))
                return true;
            if (position == text.Length || program.AnchoredStart)
                return false;
            Utf8Runes.Read(text, position, out int length);
            position += length;
        }
    }

    private bool TryAt(ReadOnlySpan<byte> text, int start, int from, Span<int> slots)
    {
        _jobs.Clear();
        _jobs.Add(new Job(program.Start, from));
        while (_jobs.Count > 0)
        {
            Job job = _jobs[^1];
            _jobs.RemoveAt(_jobs.Count - 1);
            if (job.IsRestore)
            {
                slots[job.Slot] = job.Position;
                continue;
            }

            int end = Run(text, start, job, slots);
            if (end < 0)
                continue;
            slots[0] = from;
            slots[1] = end;
            return true;
        }

        return false;
    }

    /// <summary>Follows preferred ways until a match, whose end is returned, or a dead end: -1.</summary>
    private int Run(ReadOnlySpan<byte> text, int start, Job job, Span<int> slots)
    {
        ReadOnlySpan<Instruction> instructions = program.Instructions;
        int pc = job.Place, position = job.Position;
        while (TryFirstTime(pc, position - start))
        {
            ref readonly Instruction instruction = ref instructions[pc];
            switch (instruction.Opcode)
            {
                case Opcode.Match:
                    return program.AnchoredEnd && position < text.Length ? -1 : position;
                case Opcode.Split:
                    _jobs.Add(new Job(instruction.Argument, position));
                    break;
                case Opcode.Capture when instruction.Argument < slots.Length:
                    _jobs.Add(Job.Restore(instruction.Argument, slots[instruction.Argument]));
                    slots[instruction.Argument] = position;
                    break;
                case Opcode.Capture:
                    break;
                case Opcode.Assert:
                    if (((AssertionKinds)instruction.Argument & HoldingAt(text, position)) == 0)
                        return -1;
                    break;
                default:
                    if (position == text.Length)
                        return -1;
                    int rune = Utf8Runes.Read(text, position, out int length);
                    if (!program.Consumes(in instruction, rune))
                        return -1;
                    position += length;
                    break;
            }

            pc = instruction.Next;
        }

        return -1;
    }

    private bool TryFirstTime(int pc, int offset)
    {
        int pair = pc * _stride + offset;
        ulong bit = 1UL << (pair & 63);
        if ((_tried[pair >> 6] & bit) != 0)
            return false;
        _tried[pair >> 6] |= bit;
        Work++;
        return true;
    }

    private static AssertionKinds HoldingAt(ReadOnlySpan<byte> text, int position) =>
        Assertions.HoldingBetween(Assertions.ContextBefore(text, position), Assertions.ContextAfter(text, position));

    /// <summary>A way to try at a position, or a slot to restore on the way back.</summary>
    private readonly record struct Job(int Place, int Position)
    {
        internal bool IsRestore => Place < 0;

        internal int Slot => ~Place;

        internal static Job Restore(int slot, int value) => new(~slot, value);
    }
}
