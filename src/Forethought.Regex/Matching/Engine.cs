using Forethought.Regex.Programs;
using Forethought.Regex.Rewriting;

namespace Forethought.Regex.Matching;

/// <summary>
/// Chooses how a pattern is run: rewritten as comparisons if it can be, else by the lazy automaton; a machine that tracks groups
/// runs only where groups are asked for and the text is known to match. What is not needed is not built. Thread-safe.
/// </summary>
internal sealed class Engine
{
    private readonly AnchoredBody _body;
    private readonly ValueMatcher? _rewritten;
    private readonly byte[] _prefix;
    private readonly Lock _lock = new();
    private RegexProgram? _program;
    private LazyDfa? _dfa;
    private Backtracker? _spareBacktracker;
    private PikeMachine? _spareMachine;

    internal Engine(AnchoredBody body)
    {
        _body = body;
        IsWholeTextMatch = body is { AnchoredStart: true, AnchoredEnd: true };
        if (IsWholeTextMatch && SequenceExpander.Expand(body.Root) is { } sequences)
        {
            _rewritten = ValueMatcherFactory.Create(sequences);
            if (sequences.All(sequence => sequence.ExactText is not null))
                SetMatches = [.. sequences.Select(sequence => sequence.ExactText!).Distinct()];
        }

        Prefix = body.AnchoredStart ? LiteralPrefix.Of(body.Root) : "";
        _prefix = System.Text.Encoding.UTF8.GetBytes(Prefix);
    }

    /// <summary>The literal with which every match begins; empty if there is none or a match may begin anywhere.</summary>
    internal string Prefix { get; }

    /// <summary>All texts that match, if the pattern comes down to a list of them; else null.</summary>
    internal IReadOnlyList<string>? SetMatches { get; }

    /// <summary>Whether matching does without an automaton.</summary>
    internal bool IsRewritten => _rewritten is not null;

    private bool IsWholeTextMatch { get; }

    internal bool IsMatch(ReadOnlySpan<byte> text)
    {
        if (_rewritten is not null)
            return _rewritten.IsMatch(text);
        return text.StartsWith(_prefix) && Dfa.IsMatch(text);
    }

    /// <summary>Finds the first match at or after <paramref name="start"/>; of those that begin there, the one Perl prefers.</summary>
    internal bool TryFind(ReadOnlySpan<byte> text, int start, Span<int> slots)
    {
        if (start > 0 ? _body.AnchoredStart : !IsMatch(text))
            return false;
        if (IsWholeTextMatch && slots.Length == 2)
        {
            slots[0] = 0;
            slots[1] = text.Length;
            return true;
        }

        RegexProgram program = Program;
        if (Backtracker.Fits(program, text.Length - start))
        {
            Backtracker backtracker = Interlocked.Exchange(ref _spareBacktracker, null) ?? new Backtracker(program);
            bool found = backtracker.TryFind(text, start, slots);
            Volatile.Write(ref _spareBacktracker, backtracker);
            return found;
        }

        PikeMachine machine = Interlocked.Exchange(ref _spareMachine, null) ?? new PikeMachine(program);
        bool matched = machine.TryFind(text, start, slots);
        Volatile.Write(ref _spareMachine, machine);
        return matched;
    }

    private RegexProgram Program
    {
        get
        {
            if (Volatile.Read(ref _program) is { } program)
                return program;
            lock (_lock)
                return _program ??= ProgramBuilder.Build(_body);
        }
    }

    private LazyDfa Dfa
    {
        get
        {
            if (Volatile.Read(ref _dfa) is { } dfa)
                return dfa;
            RegexProgram program = Program;
            lock (_lock)
                return _dfa ??= new LazyDfa(program, DfaLimits.Default);
        }
    }
}
