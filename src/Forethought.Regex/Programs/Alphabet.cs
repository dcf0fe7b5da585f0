using Forethought.Regex.Syntax;

namespace Forethought.Regex.Programs;

/// <summary>
/// The runes as a program sees them: two runes that no instruction can tell apart are one symbol. A deterministic automaton has
/// one transition a symbol instead of one a rune. Immutable.
/// </summary>
internal sealed class Alphabet
{
    /// <summary>More symbols than this make rows too wide to be worth it.</summary>
    private const int MaxSymbols = 1024;

    /// <summary>What finding the intervals may cost, in bounds of sets.</summary>
    private const int MaxBounds = 1 << 16;

    /// <summary>What dividing them into symbols may cost; beyond it the sets are too many or too ragged.</summary>
    private const int MaxWork = 1 << 20;

    /// <summary>The first runes of the intervals of equal symbols, the first being 0.</summary>
    private readonly int[] _starts;

    private readonly ushort[] _symbols;
    private readonly ushort[] _ascii = new ushort[128];
    private readonly int[] _examples;

    private Alphabet(int[] starts, ushort[] symbols, int[] examples)
    {
        _starts = starts;
        _symbols = symbols;
        _examples = examples;
        for (int rune = 0; rune < 128; rune++)
            _ascii[rune] = SymbolByInterval(rune);
    }

    /// <summary>The number of symbols of runes; the symbol of that number is the end of the text.</summary>
    internal int Count => _examples.Length;

    /// <summary>The symbols of ASCII.</summary>
    internal ReadOnlySpan<ushort> Ascii => _ascii;

    /// <summary>A rune of the symbol: what holds for it holds for all.</summary>
    internal int ExampleOf(int symbol) => _examples[symbol];

    internal int SymbolOf(int rune) => rune < 128 ? _ascii[rune] : SymbolByInterval(rune);

    /// <summary>The alphabet of a program, or null if it has too many symbols.</summary>
    internal static Alphabet? Of(RegexProgram program)
    {
        List<RuneSet> sets = DistinguishedSets(program);
        if (sets.Sum(set => (long)set.Bounds.Length) > MaxBounds)
            return null;

        int[] starts = IntervalStarts(sets);
        var symbols = new int[starts.Length];
        int count = 1, work = 0;
        var divided = new Dictionary<int, int>();
        foreach (RuneSet set in sets)
        {
            // Divides each symbol into its part inside the set, which gets a new number, and the rest.
            divided.Clear();
            for (int i = 0; i < set.Bounds.Length; i += 2)
            {
                int interval = Array.BinarySearch(starts, set.Bounds[i]);
                for (; interval < starts.Length && starts[interval] <= set.Bounds[i + 1]; interval++)
                {
                    if (++work > MaxWork)
                        return null;
                    if (!divided.TryGetValue(symbols[interval], out int inside))
                        divided.Add(symbols[interval], inside = count++);
                    symbols[interval] = inside;
                }
            }
        }

        return Renumber(starts, symbols);
    }

    private ushort SymbolByInterval(int rune)
    {
        int index = Array.BinarySearch(_starts, rune);
        return _symbols[index >= 0 ? index : ~index - 1];
    }

    private static List<RuneSet> DistinguishedSets(RegexProgram program)
    {
        var sets = new List<RuneSet>(program.Sets.ToArray());
        var runes = new HashSet<int>();
        foreach (Instruction instruction in program.Instructions)
        {
            if (instruction.Opcode == Opcode.Rune && runes.Add(instruction.Argument))
                sets.Add(new RuneSet([instruction.Argument, instruction.Argument]));
        }

        if ((program.Assertions & (AssertionKinds.BeginLine | AssertionKinds.EndLine)) != 0)
            sets.Add(RuneSet.Newline);
        if ((program.Assertions & (AssertionKinds.WordBoundary | AssertionKinds.NotWordBoundary)) != 0)
            sets.Add(RuneSet.Word);
        return sets;
    }

    private static int[] IntervalStarts(List<RuneSet> sets)
    {
        var starts = new SortedSet<int> { 0 };
        foreach (RuneSet set in sets)
        {
            for (int i = 0; i < set.Bounds.Length; i += 2)
            {
                starts.Add(set.Bounds[i]);
                if (set.Bounds[i + 1] < RuneSet.MaxRune)
                    starts.Add(set.Bounds[i + 1] + 1);
            }
        }

        return [.. starts];
    }

    private static Alphabet? Renumber(int[] starts, int[] symbols)
    {
        var numbers = new Dictionary<int, ushort>();
        var examples = new List<int>();
        var renumbered = new ushort[symbols.Length];
        for (int i = 0; i < symbols.Length; i++)
        {
            if (!numbers.TryGetValue(symbols[i], out ushort number))
            {
                if (examples.Count == MaxSymbols)
                    return null;
                number = (ushort)examples.Count;
                numbers.Add(symbols[i], number);
                examples.Add(starts[i]);
            }

            renumbered[i] = number;
        }

        return new Alphabet(starts, renumbered, [.. examples]);
    }
}
