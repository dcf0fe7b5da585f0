using System.Collections.Concurrent;
using System.Globalization;
using Forethought.Regex.Syntax;

namespace Forethought.Regex.Unicode;

/// <summary>
/// The classes that <c>\p{…}</c> names: <c>Any</c>, general categories and scripts, spelled exactly as in Go's tables.
/// </summary>
/// <remarks>
/// Categories come from the runtime, whose Unicode version is newer than the 15.0 of Go 1.26's tables: code points assigned since
/// are letters here and unassigned there. Scripts are those of 15.0. Thread-safe.
/// </remarks>
internal static class UnicodeClasses
{
    private static readonly Dictionary<string, UnicodeCategory[]> Categories = new()
    {
        ["L"] = [UnicodeCategory.UppercaseLetter, UnicodeCategory.LowercaseLetter, UnicodeCategory.TitlecaseLetter, UnicodeCategory.ModifierLetter, UnicodeCategory.OtherLetter],
        ["LC"] = [UnicodeCategory.UppercaseLetter, UnicodeCategory.LowercaseLetter, UnicodeCategory.TitlecaseLetter],
        ["Lu"] = [UnicodeCategory.UppercaseLetter],
        ["Ll"] = [UnicodeCategory.LowercaseLetter],
        ["Lt"] = [UnicodeCategory.TitlecaseLetter],
        ["Lm"] = [UnicodeCategory.ModifierLetter],
        ["Lo"] = [UnicodeCategory.OtherLetter],
        ["M"] = [UnicodeCategory.NonSpacingMark, UnicodeCategory.SpacingCombiningMark, UnicodeCategory.EnclosingMark],
        ["Mn"] = [UnicodeCategory.NonSpacingMark],
        ["Mc"] = [UnicodeCategory.SpacingCombiningMark],
        ["Me"] = [UnicodeCategory.EnclosingMark],
        ["N"] = [UnicodeCategory.DecimalDigitNumber, UnicodeCategory.LetterNumber, UnicodeCategory.OtherNumber],
        ["Nd"] = [UnicodeCategory.DecimalDigitNumber],
        ["Nl"] = [UnicodeCategory.LetterNumber],
        ["No"] = [UnicodeCategory.OtherNumber],
        ["P"] =
        [
            UnicodeCategory.ConnectorPunctuation, UnicodeCategory.DashPunctuation, UnicodeCategory.OpenPunctuation, UnicodeCategory.ClosePunctuation,
            UnicodeCategory.InitialQuotePunctuation, UnicodeCategory.FinalQuotePunctuation, UnicodeCategory.OtherPunctuation,
        ],
        ["Pc"] = [UnicodeCategory.ConnectorPunctuation],
        ["Pd"] = [UnicodeCategory.DashPunctuation],
        ["Ps"] = [UnicodeCategory.OpenPunctuation],
        ["Pe"] = [UnicodeCategory.ClosePunctuation],
        ["Pi"] = [UnicodeCategory.InitialQuotePunctuation],
        ["Pf"] = [UnicodeCategory.FinalQuotePunctuation],
        ["Po"] = [UnicodeCategory.OtherPunctuation],
        ["S"] = [UnicodeCategory.MathSymbol, UnicodeCategory.CurrencySymbol, UnicodeCategory.ModifierSymbol, UnicodeCategory.OtherSymbol],
        ["Sm"] = [UnicodeCategory.MathSymbol],
        ["Sc"] = [UnicodeCategory.CurrencySymbol],
        ["Sk"] = [UnicodeCategory.ModifierSymbol],
        ["So"] = [UnicodeCategory.OtherSymbol],
        ["Z"] = [UnicodeCategory.SpaceSeparator, UnicodeCategory.LineSeparator, UnicodeCategory.ParagraphSeparator],
        ["Zs"] = [UnicodeCategory.SpaceSeparator],
        ["Zl"] = [UnicodeCategory.LineSeparator],
        ["Zp"] = [UnicodeCategory.ParagraphSeparator],
        ["C"] = [UnicodeCategory.Control, UnicodeCategory.Format, UnicodeCategory.Surrogate, UnicodeCategory.PrivateUse, UnicodeCategory.OtherNotAssigned],
        ["Cc"] = [UnicodeCategory.Control],
        ["Cf"] = [UnicodeCategory.Format],
        ["Cs"] = [UnicodeCategory.Surrogate],
        ["Co"] = [UnicodeCategory.PrivateUse],
        ["Cn"] = [UnicodeCategory.OtherNotAssigned],
    };

    private static readonly ConcurrentDictionary<string, RuneSet> Built = new() { ["Any"] = RuneSet.Any };
    private static readonly Lazy<List<(int Start, UnicodeCategory Category)>> CategoryRuns = new(FindCategoryRuns);
    private static readonly Lazy<Dictionary<string, string>> Scripts = new(ReadScripts);

    /// <summary>The class of that name, or null.</summary>
    internal static RuneSet? Find(string name)
    {
        if (Built.TryGetValue(name, out RuneSet? set))
            return set;
        if (Categories.TryGetValue(name, out UnicodeCategory[]? categories))
            set = OfCategories(categories);
        else if (Scripts.Value.TryGetValue(name, out string? ranges))
            set = OfRanges(ranges);
        else
            return null;
        return Built.GetOrAdd(name, set);
    }

    private static RuneSet OfCategories(UnicodeCategory[] categories)
    {
        var builder = new RuneSetBuilder();
        List<(int Start, UnicodeCategory Category)> runs = CategoryRuns.Value;
        for (int i = 0; i < runs.Count; i++)
        {
            if (Array.IndexOf(categories, runs[i].Category) >= 0)
                builder.AddRange(runs[i].Start, (i + 1 < runs.Count ? runs[i + 1].Start : RuneSet.MaxRune + 1) - 1, foldCase: false);
        }

        return builder.Build();
    }

    private static RuneSet OfRanges(string ranges)
    {
        var builder = new RuneSetBuilder();
        foreach (string range in ranges.Split(' '))
        {
            string[] bounds = range.Split('-');
            builder.AddRange(ParseHex(bounds[0]), ParseHex(bounds[^1]), foldCase: false);
        }

        return builder.Build();
    }

    private static int ParseHex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static List<(int Start, UnicodeCategory Category)> FindCategoryRuns()
    {
        var runs = new List<(int Start, UnicodeCategory Category)>();
        for (int rune = 0; rune <= RuneSet.MaxRune; rune++)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(rune);
            if (runs.Count == 0 || runs[^1].Category != category)
                runs.Add((rune, category));
        }

        return runs;
    }

    private static Dictionary<string, string> ReadScripts()
    {
        var scripts = new Dictionary<string, string>();
        using Stream stream = typeof(UnicodeClasses).Assembly.GetManifestResourceStream("Scripts.txt")
            ?? throw new InvalidOperationException("the resource Scripts.txt is missing");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && line[0] != '#')
                scripts.Add(line[..space], line[(space + 1)..]);
        }

        return scripts;
    }
}
