using System.Text;

namespace Forethought.PromQL.Syntax;

/// <summary>
/// Walks the UTF-8 text of a query character by character. <see cref="TokenStart"/> marks where the token being scanned begins.
/// </summary>
internal sealed class SourceCursor(byte[] source)
{
    /// <summary>What <see cref="Next"/> and <see cref="Peek"/> return at the end of the text.</summary>
    internal const int End = -1;

    private int _width;

    /// <summary>The whole text.</summary>
    internal ReadOnlySpan<byte> Source => source;

    /// <summary>The position of the next character.</summary>
    internal int Position { get; private set; }

    /// <summary>The first position of the token being scanned.</summary>
    internal int TokenStart { get; private set; }

    /// <summary>The text of the token up to here.</summary>
    internal string TokenText => System.Text.Encoding.UTF8.GetString(source, TokenStart, Position - TokenStart);

    /// <summary>Takes the next character.</summary>
    internal int Next()
    {
        if (Position >= source.Length)
        {
            _width = 0;
            return End;
        }

        Rune.DecodeFromUtf8(source.AsSpan(Position), out Rune rune, out _width);
        Position += _width;
        return rune.Value;
    }

    /// <summary>Puts the character last taken back; allowed once after each <see cref="Next"/>.</summary>
    internal void Back() => Position -= _width;

    /// <summary>The next character, which stays.</summary>
    internal int Peek()
    {
        int c = Next();
        Back();
        return c;
    }

    /// <summary>Takes the next character if it is one of <paramref name="set"/> (ASCII).</summary>
    internal bool Accept(string set)
    {
        if (IsIn(Next(), set))
        {
            return true;
        }

        Back();
        return false;
    }

    /// <summary>Takes characters as long as they are in <paramref name="set"/> (ASCII).</summary>
    internal void AcceptRun(string set)
    {
        while (Accept(set))
        {
        }
    }

    /// <summary>Whether the next character is one of <paramref name="set"/> (ASCII).</summary>
    internal bool PeekIs(string set) => IsIn(Peek(), set);

    /// <summary>Lets the next token begin here.</summary>
    internal void StartToken() => TokenStart = Position;

    /// <summary>Skips white space and lets the next token begin behind it.</summary>
    internal void SkipSpaces()
    {
        while (CharacterClasses.IsSpace(Peek()))
        {
            Next();
        }

        StartToken();
    }

    /// <summary>Whether the next character that is no white space is an opening parenthesis.</summary>
    internal bool IsFollowedByLeftParen()
    {
        ReadOnlySpan<byte> rest = source.AsSpan(Position).TrimStart(" \t\n\r"u8);
        return !rest.IsEmpty && rest[0] == (byte)'(';
    }

    private static bool IsIn(int c, string set) => c is >= 0 and < 128 && set.Contains((char)c);
}
