namespace Forethought.Configuration.Yaml;

/// <summary>The order in which Go's yaml.v2 prints the keys of maps: letters after the rest, numbers by their value.</summary>
internal sealed class YamlKeyOrder : IComparer<string>
{
    internal static YamlKeyOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        string a = x ?? "";
        string b = y ?? "";
        for (int i = 0; i < a.Length && i < b.Length; i++)
        {
            if (a[i] != b[i])
            {
                return CompareAt(a, b, i);
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    private static int CompareAt(string a, string b, int i)
    {
        bool letterA = char.IsLetter(a[i]);
        bool letterB = char.IsLetter(b[i]);
        if (letterA != letterB)
        {
            return letterB ? -1 : 1;
        }

        if (letterA)
        {
            return a[i].CompareTo(b[i]);
        }

        // A zero inside of a number counts as a digit of it.
        long start = a[i] == '0' || b[i] == '0' ? StartsInNumber(a, i) : 0;
        (long numberA, int endA) = Number(a, i, start);
        (long numberB, int endB) = Number(b, i, start);
        return numberA != numberB ? numberA.CompareTo(numberB) : endA != endB ? endA.CompareTo(endB) : a[i].CompareTo(b[i]);
    }

    private static long StartsInNumber(string text, int i)
    {
        for (int j = i - 1; j >= 0 && char.IsAsciiDigit(text[j]); j--)
        {
            if (text[j] != '0')
            {
                return 1;
            }
        }

        return 0;
    }

    private static (long Number, int End) Number(string text, int i, long start)
    {
        long number = start;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            number = unchecked((number * 10) + (text[i] - '0'));
            i++;
        }

        return (number, i);
    }
}
