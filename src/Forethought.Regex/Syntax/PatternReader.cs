using System.Buffers;
using System.Text;

namespace Forethought.Regex.Syntax;

/// <summary>A cursor over the text of a pattern.</summary>
internal sealed class PatternReader(string text)
{
    internal string Text => text;

    internal int Position { get; set; }

    internal bool AtEnd => Position == text.Length;

    /// <summary>The character at the cursor, which must not be at the end.</summary>
    internal char Current => text[Position];

    internal bool LooksAt(string expected) => string.CompareOrdinal(text, Position, expected, 0, expected.Length) == 0;

    internal string Rest(int start) => text[start..];

    internal string Since(int start) => text[start..Position];

    /// <summary>Reads one rune. The cursor must not be at the end.</summary>
    /// <exception cref="Re2SyntaxException">The text is not well-formed here (a surrogate alone stands for a byte that is not UTF-8).</exception>
    internal int ReadRune()
    {
        OperationStatus status = Rune.DecodeFromUtf16(text.AsSpan(Position), out Rune rune, out int length);
        if (status != OperationStatus.Done)
            throw new Re2SyntaxException(SyntaxErrors.InvalidUtf8, Rest(Position));
        Position += length;
        return rune.Value;
    }

    /// <summary>Throws if <c>[start, end)</c> is not well-formed.</summary>
    internal void CheckWellFormed(int start, int end)
    {
        for (int i = start; i < end;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i, end - i), out _, out int length) != OperationStatus.Done)
                throw new Re2SyntaxException(SyntaxErrors.InvalidUtf8, text[i..end]);
            i += length;
        }
    }
}
