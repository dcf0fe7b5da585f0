using System.Text;
using Forethought.Regex.Syntax;

namespace Forethought.Regex.Tests;

/// <summary>Writes syntax trees so that tests can state them: <c>cat{lit{a}star{cc{0-9}}}</c>.</summary>
internal static class TreePrinter
{
    internal static string Print(Node node) => node switch
    {
        EmptyNode => "emp{}",
        LiteralNode literal => (literal.FoldCase ? "fold{" : "lit{") + string.Concat(literal.Runes.Select(Show)) + "}",
        ClassNode { Set.IsAny: true } => "dot{}",
        ClassNode { Set.Bounds: [0, '\n' - 1, '\n' + 1, 0x10FFFF] } => "dnl{}",
        ClassNode set => "cc{" + PrintSet(set.Set) + "}",
        AssertionNode assertion => assertion.Kind switch
        {
            AssertionKinds.BeginText => "bot{}",
            AssertionKinds.EndText => "eot{}",
            AssertionKinds.BeginLine => "bol{}",
            AssertionKinds.EndLine => "eol{}",
            AssertionKinds.WordBoundary => "wb{}",
            _ => "nwb{}",
        },
        CaptureNode capture => $"cap{capture.Group}{{{Print(capture.Body)}}}",
        RepeatNode repeat => (repeat.Greedy ? "" : "n") + PrintRepeat(repeat),
        ConcatNode sequence => "cat{" + string.Concat(sequence.Parts.Select(Print)) + "}",
        AlternateNode choice => "alt{" + string.Concat(choice.Alternatives.Select(Print)) + "}",
        _ => throw new ArgumentException(node.ToString(), nameof(node)),
    };

    private static string PrintRepeat(RepeatNode repeat)
    {
        string name = (repeat.Minimum, repeat.Maximum) switch
        {
            (0, RepeatNode.Unbounded) => "star",
            (1, RepeatNode.Unbounded) => "plus",
            (0, 1) => "que",
            (var minimum, RepeatNode.Unbounded) => $"rep{minimum},",
            (var minimum, var maximum) => $"rep{minimum},{maximum}",
        };
        return $"{name}{{{Print(repeat.Body)}}}";
    }

    private static string PrintSet(RuneSet set)
    {
        var text = new StringBuilder();
        for (int i = 0; i < set.Bounds.Length; i += 2)
        {
            text.Append(i > 0 ? " " : "").Append(Show(set.Bounds[i]));
            if (set.Bounds[i + 1] > set.Bounds[i])
                text.Append('-').Append(Show(set.Bounds[i + 1]));
        }

        return text.ToString();
    }

    private static string Show(int rune) => rune is > ' ' and < 127 || Rune.IsValid(rune) && Rune.IsLetter(new Rune(rune)) ? new Rune(rune).ToString() : $"\\x{rune:X}";
}
