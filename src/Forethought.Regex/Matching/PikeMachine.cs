using Forethought.Regex.Programs;
using Forethought.Regex.Syntax;

namespace Forethought.Regex.Matching;

/// <summary>
/// Finds the preferred match and its groups by running all alternatives side by side, each with its own slots, in order of
/// preference: for programs and texts too large for <see cref="Backtracker"/>. Time is the product of their lengths. Not thread-safe.
/// </summary>
internal sealed class PikeMachine(RegexProgram program)
{
    private readonly Stack<int[]> _spare = new();
    private readonly Stack<Job> _jobs = new();
    private readonly PcSet _visited = new(program.Length);
    private List<Thread> _current = [];
    private List<Thread> _following = [];

    /// <summary>Instructions looked at so far.</summary>
    internal long Work { get; private set; }

    /// <summary>Searches from <paramref name="start"/> on. On success the slots hold positions in the text or -1.</summary>
    internal bool TryFind(ReadOnlySpan<byte> text, int start, Span<int> slots)
    {
        bool matched = false;
        var fresh = new int[slots.Length];
        _visited.Clear();
        for (int position = start; ;)
        {
            if (!matched && (position == start || !program.AnchoredStart))
            {
                Array.Fill(fresh, -1);
                fresh[0] = position;
                AddReachable(_current, program.Start, text, position, fresh);
            }

            if (_current.Count == 0 && (matched || program.AnchoredStart))
                break;
            int rune = position < text.Length ? Utf8Runes.Read(text, position, out int length) : NoRune(out length);
            _visited.Clear();
            matched |= Step(text, position, rune, length, slots);
            (_current, _following) = (_following, _current);
            if (length == 0)
                break;
            position += length;
        }

        Release(_current);
        return matched;
    }

    private static int NoRune(out int length)
    {
        length = 0;
        return Assertions.NoRune;
    }

    /// <summary>Moves every thread over a rune. A thread that has matched ends those less preferred.</summary>
    private bool Step(ReadOnlySpan<byte> text, int position, int rune, int length, Span<int> slots)
    {
        bool matched = false;
        for (int i = 0; i < _current.Count; i++)
        {
            (int pc, int[] threadSlots) = _current[i];
            ref readonly Instruction instruction = ref program.Instructions[pc];
            if (instruction.Opcode == Opcode.Match)
            {
                if (program.AnchoredEnd && position < text.Length)
                    continue;
                threadSlots.CopyTo(slots);
                slots[1] = position;
                matched = true;
                break;
            }

            if (rune != Assertions.NoRune && program.Consumes(in instruction, rune))
                AddReachable(_following, instruction.Next, text, position + length, threadSlots);
        }

        Release(_current);
        return matched;
    }

    /// <summary>Adds a thread for each instruction that can be reached without consuming, the preferred first.</summary>
    private void AddReachable(List<Thread> threads, int start, ReadOnlySpan<byte> text, int position, int[] slots)
    {
        AssertionKinds holding = program.Assertions == AssertionKinds.None
            ? AssertionKinds.None
            : Assertions.HoldingBetween(Assertions.ContextBefore(text, position), Assertions.ContextAfter(text, position));
        _jobs.Push(new Job(start, 0));
        while (_jobs.TryPop(out Job job))
        {
            if (job.Place < 0)
            {
                slots[~job.Place] = job.Value;
                continue;
            }

            if (!_visited.Visit(job.Place))
                continue;
            Work++;
            Instruction instruction = program.Instructions[job.Place];
            switch (instruction.Opcode)
            {
                case Opcode.Split:
                    _jobs.Push(new Job(instruction.Argument, 0));
                    _jobs.Push(new Job(instruction.Next, 0));
                    break;
                case Opcode.Capture:
                    if (instruction.Argument < slots.Length)
                    {
                        _jobs.Push(new Job(~instruction.Argument, slots[instruction.Argument]));
                        slots[instruction.Argument] = position;
                    }

                    _jobs.Push(new Job(instruction.Next, 0));
                    break;
                case Opcode.Assert:
                    if (((AssertionKinds)instruction.Argument & holding) != 0)
                        _jobs.Push(new Job(instruction.Next, 0));
                    break;
                default:
                    threads.Add(new Thread(job.Place, Copy(slots)));
                    break;
            }
        }
    }

    private int[] Copy(int[] slots)
    {
        if (!_spare.TryPop(out int[]? copy) || copy.Length != slots.Length)
            copy = new int[slots.Length];
        slots.CopyTo(copy, 0);
        return copy;
    }

    private void Release(List<Thread> threads)
    {
        foreach (Thread thread in threads)
            _spare.Push(thread.Slots);
        threads.Clear();
    }

    /// <summary>A place reached and the groups on the way to it.</summary>
    private readonly record struct Thread(int Place, int[] Slots);

    /// <summary>A place to visit, or (as complement) a slot to restore to a value.</summary>
    private readonly record struct Job(int Place, int Value);
}
