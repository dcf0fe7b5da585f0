using System.Text;

namespace Forethought.Regex.Tests;

/// <summary>
/// Makes random patterns that mean the same here and to the runtime's regex engine: a few letters of ASCII and one beyond, no
/// escapes in which the two differ. Empty alternatives are left out on demand: the runtime gets <c>(?:a|){2}</c> wrong.
/// </summary>
internal sealed class PatternGenerator(Random random, bool emptyChoices)
{
    private static readonly string[] Atoms =
        ["a", "b", "c", "é", "-", "ab", "[ab]", "[^a]", "[a-cé]", "[^\\n]", ".", "\\n", "(?s:.)", "\\x62", "a", "b"];

    /// <summary>A pattern for both engines, captures and lazy repetitions among it.</summary>
    internal string Next(int depth)
    {
        if (depth == 0)
            return Atoms[random.Next(Atoms.Length)];
        return random.Next(9) switch
        {
            0 or 1 or 2 => Next(depth - 1) + Next(depth - 1),
            3 => $"(?:{Next(depth - 1)}|{Next(depth - 1)})",
            4 => $"({Next(depth - 1)})",
            5 => $"(?:{Next(depth - 1)}){Repeat()}",
            6 => $"(?i:{Next(depth - 1)})",
            7 => emptyChoices ? $"(?:{Next(depth - 1)}|)" : Next(depth - 1),
            _ => Next(0),
        };
    }

    /// <summary>A text of the letters that patterns are made of.</summary>
    internal string NextText(int maxLength)
    {
        var text = new StringBuilder();
        for (int i = random.Next(maxLength + 1); i > 0; i--)
            text.Append("aabbcABé-\n"[random.Next(10)]);
        return text.ToString();
    }

    private string Repeat()
    {
        string count = random.Next(6) switch
        {
            0 => "*",
            1 => "+",
            2 => "?",
            3 => "{2}",
            4 => "{1,3}",
            _ => "{0,2}",
        };
        return random.Next(3) == 0 ? count + "?" : count;
    }
}
