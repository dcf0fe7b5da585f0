using YamlDotNet.Core;

namespace Forethought.Configuration.Yaml;

/// <summary>
/// Puts the parser's complaints into libyaml's words: <c>yaml: line 3: did not find expected key</c>. The parser descends from
/// libyaml and mostly says the same in a sentence of its own ("While parsing a block mapping, did not find expected key.").
/// </summary>
internal static class YamlSyntaxError
{
    internal static string Describe(YamlException error, string text)
    {
        string problem = Problem(error.Message);
        switch (problem)
        {
            case "found invalid mapping":
                return AtScannerLine("mapping values are not allowed in this context", error.End.Line);
            case "found invalid tab as indentation":
                return AtScannerLine("found character that cannot start any token", FirstTabbedLine(text, error.Start.Line));
            case "found a tab character that violate indentation":
                return AtScannerLine("found a tab character that violates indentation", error.End.Line);
            case "did not find expected hexadecimal number":
                return AtScannerLine("did not find expected hexdecimal number", error.End.Line);
        }

        return error is SyntaxErrorException ? AtScannerLine(problem, error.End.Line) : AtParserLine(problem, error.End.Line);
    }

    /// <summary>A parser's complaint at a line; libyaml counts from 0 and leaves out line 0.</summary>
    internal static string AtParserLine(string problem, long line) => line <= 1 ? "yaml: " + problem : $"yaml: line {line - 1}: {problem}";

    // A scanner's complaint: its number is one more than the parser's, and still left out in the first line.
    private static string AtScannerLine(string problem, long line) => line <= 1 ? "yaml: " + problem : $"yaml: line {line}: {problem}";

    private static string Problem(string message)
    {
        int context = message.StartsWith("While ", StringComparison.OrdinalIgnoreCase)
            ? message.IndexOf(", ", StringComparison.Ordinal)
            : -1;
        string problem = (context < 0 ? message : message[(context + 2)..]).Trim().TrimEnd('.');
        return problem.Length == 0 ? "unknown problem parsing YAML content" : char.ToLowerInvariant(problem[0]) + problem[1..];
    }

    private static int FirstTabbedLine(string text, long startLine)
    {
        string[] lines = text.Split('\n');
        int line = (int)Math.Clamp(startLine, 1, lines.Length);
        int tabbed = Array.FindIndex(lines, line - 1, static content => content.TrimStart(' ').StartsWith('\t'));
        return tabbed < 0 ? line : tabbed + 1;
    }
}
