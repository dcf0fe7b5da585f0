using System.Text;
using Forethought.Regex.Syntax;

namespace Forethought.Regex.Rewriting;

/// <summary>Finds the literal with which everything that a tree matches begins.</summary>
internal static class LiteralPrefix
{
    /// <summary>The height of trees worth looking at, which bounds the call depth.</summary>
    private const int MaxHeight = 100;

    internal static string Of(Node root) => root.Height > MaxHeight ? "" : Find(root).Text;

    /// <summary>The literal, and whether the node matches just that, so that what follows may lengthen it.</summary>
    private static (string Text, bool IsWhole) Find(Node node) => node switch
    {
        EmptyNode or AssertionNode => ("", true),
        LiteralNode literal => OfLiteral(literal),
        CaptureNode capture => Find(capture.Body),
        RepeatNode { Minimum: > 0 } repeat => (Find(repeat.Body).Text, false),
        ConcatNode sequence => OfSequence(sequence),
        AlternateNode choice => (OfChoice(choice), false),
        _ => ("", false),
    };

    private static (string Text, bool IsWhole) OfLiteral(LiteralNode literal)
    {
        var text = new StringBuilder();
        foreach (int rune in literal.Runes)
        {
            // U+FFFD also stands for bytes that are no UTF-8.
            if (literal.FoldCase || rune == Rune.ReplacementChar.Value || !Rune.IsValid(rune))
                return (text.ToString(), false);
            text.Append(new Rune(rune).ToString());
        }

        return (text.ToString(), true);
    }

    private static (string Text, bool IsWhole) OfSequence(ConcatNode sequence)
    {
        var text = new StringBuilder();
        foreach (Node part in sequence.Parts)
        {
            (string prefix, bool isWhole) = Find(part);
            text.Append(prefix);
            if (!isWhole)
                return (text.ToString(), false);
        }

        return (text.ToString(), true);
    }

    private static string OfChoice(AlternateNode choice)
    {
        string common = Find(choice.Alternatives[0]).Text;
        foreach (Node alternative in choice.Alternatives.Skip(1))
        {
            if (common.Length == 0)
                break;
            int length = common.AsSpan().CommonPrefixLength(Find(alternative).Text);
            if (length > 0 && char.IsHighSurrogate(common[length - 1]))
                length--;
            common = common[..length];
        }

        return common;
    }
}
