using Forethought.Regex.Programs;
using Forethought.Regex.Syntax;

namespace Forethought.Regex.Matching;

/// <summary>
/// The part of the deterministic automaton built so far. Readers walk <see cref="Table"/> without a lock; a transition not yet
/// known is worked out under one. A cache only grows: when it is full, the owner starts another and readers of this one finish
/// their walk in it or move over.
/// </summary>
internal sealed class DfaCache
{
    /// <summary>Entries of the table that are no rows. A row is the index of its first entry, always greater.</summary>
    internal const int Unknown = 0;
    internal const int Dead = 1;
    internal const int Matched = 2;

    /// <summary>The result of <see cref="Resolve"/> if the new state does not fit.</summary>
    internal const int Full = -1;

    private readonly Lock _lock = new();
    private readonly SetStepper _stepper;
    private readonly Alphabet _alphabet;
    private readonly DfaLimits _limits;
    private readonly bool _hasAssertions;
    private readonly int _width;
    private readonly Dictionary<DfaState, int> _rows = [];
    private readonly List<DfaState> _states = [];
    private int[] _table;
    private int _places;

    internal DfaCache(RegexProgram program, Alphabet alphabet, DfaLimits limits)
    {
        _stepper = new SetStepper(program);
        _alphabet = alphabet;
        _limits = limits;
        _hasAssertions = program.Assertions != AssertionKinds.None;
        _width = alphabet.Count + 1;
        _table = new int[16 * _width];
        Start = Intern(_stepper.Start(), RuneContext.Edge);
    }

    /// <summary>The row at the beginning of a text, or one of the constants.</summary>
    internal int Start { get; }

    /// <summary>
    /// The row after a symbol, at <c>row + symbol</c>, or <see cref="Unknown"/>, <see cref="Dead"/> or <see cref="Matched"/>. Must be
    /// read again after <see cref="Resolve"/>. An entry read from it never leads outside the array it was read from.
    /// </summary>
    internal int[] Table => Volatile.Read(ref _table);

    /// <summary>Works out an unknown transition; <see cref="Full"/> if its state does not fit.</summary>
    internal int Resolve(int row, int symbol)
    {
        lock (_lock)
        {
            int known = _table[row + symbol];
            if (known != Unknown)
                return known;

            DfaState state = StateOf(row);
            int rune = symbol == _alphabet.Count ? Assertions.NoRune : _alphabet.ExampleOf(symbol);
            _stepper.Restore(state.Places);
            int next = Intern(_stepper.Step(state.Before, rune), Assertions.ContextOf(rune));
            // Published last: who sees the entry sees the row, which is all zeros or known entries.
            if (next != Full)
                Volatile.Write(ref _table[row + symbol], next);
            return next;
        }
    }

    /// <summary>The state of a row.</summary>
    internal DfaState StateAt(int row)
    {
        lock (_lock)
            return StateOf(row);
    }

    /// <summary>The row of a state of another cache, <see cref="Full"/> if it does not fit even into an empty one.</summary>
    internal int Adopt(DfaState state)
    {
        lock (_lock)
            return RowOf(state);
    }

    // Row 0 holds no state: its index would be one of the constants.
    private DfaState StateOf(int row) => _states[row / _width - FirstRow];

    private int FirstRow => Matched / _width + 1;

    private int Intern(StepOutcome outcome, RuneContext before) => outcome switch
    {
        StepOutcome.Dead => Dead,
        StepOutcome.Matched => Matched,
        _ => RowOf(new DfaState(_stepper.Places, _hasAssertions && _stepper.WaitsForAssertion ? before : RuneContext.Other)),
    };

    private int RowOf(DfaState state)
    {
        if (_rows.TryGetValue(state, out int row))
            return row;

        row = (_states.Count + FirstRow) * _width;
        if (row + _width > _limits.Transitions || _places + state.Places.Length > _limits.Places)
            return Full;
        if (row + _width > _table.Length)
        {
            var larger = new int[Math.Max(row + _width, Math.Min(2 * _table.Length, _limits.Transitions))];
            _table.CopyTo(larger, 0);
            Volatile.Write(ref _table, larger);
        }

        _rows.Add(state, row);
        _states.Add(state);
        _places += state.Places.Length;
        return row;
    }
}
