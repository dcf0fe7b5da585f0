using Forethought.Regex.Programs;

namespace Forethought.Regex.Matching;

/// <summary>
/// Decides whether a text matches by a deterministic automaton over symbols whose states are built when first needed, within
/// <see cref="DfaLimits"/>. A pattern whose states do not fit is run by <see cref="SetStepper"/> instead. Thread-safe.
/// </summary>
internal sealed class LazyDfa
{
    private readonly RegexProgram _program;
    private readonly Alphabet? _alphabet;
    private readonly DfaLimits _limits;
    private DfaCache? _cache;
    private SetStepper? _spareStepper;
    private int _flushes;
    private long _fallbackWork;

    internal LazyDfa(RegexProgram program, DfaLimits limits)
    {
        _program = program;
        _limits = limits;
        _alphabet = Alphabet.Of(program);
        if (_alphabet is not null)
            _cache = new DfaCache(program, _alphabet, limits);
    }

    /// <summary>How often the cache was full.</summary>
    internal int Flushes => Volatile.Read(ref _flushes);

    /// <summary>Instructions looked at by texts that were finished without the automaton.</summary>
    internal long FallbackWork => Interlocked.Read(ref _fallbackWork);

    internal bool IsMatch(ReadOnlySpan<byte> text)
    {
        DfaCache? cache = Volatile.Read(ref _cache);
        if (cache is null || cache.Start == DfaCache.Full)
            return Simulate(null, text);

        int row = cache.Start;
        if (row <= DfaCache.Matched)
            return row == DfaCache.Matched;

        Alphabet alphabet = _alphabet!;
        ReadOnlySpan<ushort> ascii = alphabet.Ascii;
        int[] table = cache.Table;
        int flushesLeft = _limits.FlushesPerText;
        int position = 0;
        while (true)
        {
            // Almost every step is this one: ASCII, over a transition that is known and decides nothing.
            while (position < text.Length && text[position] < 128 && table[row + ascii[text[position]]] is > DfaCache.Matched and var known)
            {
                row = known;
                position++;
            }

            int symbol, length = 1;
            if (position == text.Length)
                symbol = alphabet.Count;
            else if (text[position] < 128)
                symbol = ascii[text[position]];
            else
                symbol = alphabet.SymbolOf(Utf8Runes.Read(text, position, out length));

            int next = table[row + symbol];
            if (next == DfaCache.Unknown)
            {
                next = cache.Resolve(row, symbol);
                if (next == DfaCache.Full)
                {
                    DfaState state = cache.StateAt(row);
                    if (flushesLeft-- == 0 || !TryReplace(ref cache, state, out row))
                        return Simulate(state, text[position..]);
                    table = cache.Table;
                    continue;
                }

                table = cache.Table;
            }

            if (next <= DfaCache.Matched)
                return next == DfaCache.Matched;
            row = next;
            position += length;
        }
    }

    /// <summary>Goes on in an empty cache; false if the pattern has filled too many.</summary>
    private bool TryReplace(ref DfaCache cache, DfaState state, out int row)
    {
        row = DfaCache.Full;
        DfaCache? current = Volatile.Read(ref _cache);
        if (current == cache)
        {
            DfaCache? fresh = Interlocked.Increment(ref _flushes) > _limits.Flushes ? null : new DfaCache(_program, _alphabet!, _limits);
            current = Interlocked.CompareExchange(ref _cache, fresh, cache);
            if (current == cache)
                current = fresh;
        }

        if (current is null)
            return false;
        cache = current;
        row = current.Adopt(state);
        return row != DfaCache.Full;
    }

    private bool Simulate(DfaState? state, ReadOnlySpan<byte> rest)
    {
        SetStepper stepper = Interlocked.Exchange(ref _spareStepper, null) ?? new SetStepper(_program);
        long before = stepper.Work;
        bool matched;
        if (state is not null)
        {
            stepper.Restore(state.Places);
            matched = stepper.Finish(state.Before, rest);
        }
        else
        {
            StepOutcome outcome = stepper.Start();
            matched = outcome == StepOutcome.Undecided ? stepper.Finish(RuneContext.Edge, rest) : outcome == StepOutcome.Matched;
        }

        Interlocked.Add(ref _fallbackWork, stepper.Work - before);
        Volatile.Write(ref _spareStepper, stepper);
        return matched;
    }
}
