using Forethought.Regex.Unicode;

namespace Forethought.Regex.Syntax;

/// <summary>Reads character classes: <c>[a-z]</c>, <c>\d</c>, <c>\p{Greek}</c>, <c>[[:alpha:]]</c>.</summary>
internal sealed class ClassParser(PatternReader reader)
{
    /// <summary>Whether a <c>:]</c> was once looked for in vain: a pattern of many <c>[:</c> must not cost a scan for each.</summary>
    private bool _noPosixEnd;

    /// <summary>Reads the class whose opening bracket is at the cursor.</summary>
    internal RuneSet ReadBracketed(bool foldCase)
    {
        int start = reader.Position++;
        bool negated = !reader.AtEnd && reader.Current == '^';
        if (negated)
            reader.Position++;

        var builder = new RuneSetBuilder();
        bool first = true; // ] is a rune of the class if it comes first
        while (reader.AtEnd || reader.Current != ']' || first)
        {
            first = false;
            RuneSet? named = ReadPosix(foldCase) ?? ReadEscape(foldCase);
            if (named is not null)
                builder.AddSet(named);
            else
                ReadRange(builder, start, foldCase);
        }

        reader.Position++;
        return negated ? builder.BuildComplement() : builder.Build();
    }

    /// <summary>Reads a class escape such as <c>\D</c> or <c>\pL</c> if one is at the cursor; else null and the cursor stays.</summary>
    internal RuneSet? ReadEscape(bool foldCase)
    {
        int start = reader.Position;
        if (reader.Text.Length - start < 2 || reader.Current != '\\')
            return null;

        char letter = reader.Text[start + 1];
        if (letter is 'p' or 'P')
            return ReadUnicode(foldCase);

        RuneSet? set = AsciiClasses.FindPerl(char.ToLowerInvariant(letter));
        if (set is null)
            return null;
        reader.Position += 2;
        return Derive(set, foldCase, negated: char.IsAsciiLetterUpper(letter));
    }

    private static RuneSet Derive(RuneSet set, bool foldCase, bool negated)
    {
        if (!foldCase && !negated)
            return set;
        var builder = new RuneSetBuilder();
        builder.AddSet(set, foldCase);
        return negated ? builder.BuildComplement() : builder.Build();
    }

    private RuneSet? ReadPosix(bool foldCase)
    {
        int start = reader.Position;
        if (_noPosixEnd || !reader.LooksAt("[:"))
            return null;
        int end = reader.Text.IndexOf(":]", start + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            _noPosixEnd = true;
            return null;
        }

        reader.Position = end + 2;
        string name = reader.Text[(start + 2)..end];
        bool negated = name.StartsWith('^');
        RuneSet? set = AsciiClasses.FindPosix(negated ? name[1..] : name);
        return set is null
            ? throw new Re2SyntaxException(SyntaxErrors.InvalidCharacterRange, reader.Since(start))
            : Derive(set, foldCase, negated);
    }

    private RuneSet ReadUnicode(bool foldCase)
    {
        int start = reader.Position;
        bool negated = reader.Text[start + 1] == 'P';
        reader.Position += 2;
        string name = ReadUnicodeName(start);
        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        RuneSet? set = UnicodeClasses.Find(name);
        return set is null
            ? throw new Re2SyntaxException(SyntaxErrors.InvalidCharacterRange, reader.Since(start))
            : Derive(set, foldCase, negated);
    }

    private string ReadUnicodeName(int start)
    {
        int nameStart = reader.Position;
        if (reader.AtEnd)
            return "";
        if (reader.ReadRune() != '{')
            return reader.Since(nameStart);

        int end = reader.Text.IndexOf('}', start);
        reader.CheckWellFormed(nameStart, end < 0 ? reader.Text.Length : end);
        if (end < 0)
            throw new Re2SyntaxException(SyntaxErrors.InvalidCharacterRange, reader.Rest(start));
        reader.Position = end + 1;
        return reader.Text[(nameStart + 1)..end];
    }

    private void ReadRange(RuneSetBuilder builder, int classStart, bool foldCase)
    {
        int start = reader.Position;
        int low = ReadClassRune(classStart);
        int high = low;

        // In [a-] the - stands for itself.
        if (reader.LooksAt("-") && reader.Text.Length - reader.Position >= 2 && reader.Text[reader.Position + 1] != ']')
        {
            reader.Position++;
            high = ReadClassRune(classStart);
            if (high < low)
                throw new Re2SyntaxException(SyntaxErrors.InvalidCharacterRange, reader.Since(start));
        }

        builder.AddRange(low, high, foldCase);
    }

    private int ReadClassRune(int classStart)
    {
        if (reader.AtEnd)
            throw new Re2SyntaxException(SyntaxErrors.MissingBracket, reader.Rest(classStart));
        return reader.Current == '\\' ? EscapeParser.Read(reader) : reader.ReadRune();
    }
}
