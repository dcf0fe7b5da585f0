using YamlDotNet.Core;

namespace Forethought.Configuration.Yaml;

/// <summary>
/// Puts the parser's complaints into libyaml's words: <c>yaml: line 3: did not find expected key</c>. The parser descends from
/// libyaml and mostly says the same in a sentence of its own ("While parsing a block mapping, did not find expected key.").
/// </summary>
internal static class YamlSyntaxError
{
    internal static string Describe(YamlException error)
    {
        string problem = Problem(error.Message);

        // libyaml counts lines from 0 and prints that number for parser errors, one more for scanner errors.
        bool scanner = error is SyntaxErrorException && !problem.StartsWith("did not find expected <", StringComparison.Ordinal);
        long line = Math.Max(0, error.End.Line - 1);
        long shown = line == 0 ? 0 : scanner ? line + 1 : line;
        return shown == 0 ? "yaml: " + problem : $"yaml: line {shown}: {problem}";
    }

    private static string Problem(string message)
    {
        int context = message.StartsWith("While ", StringComparison.OrdinalIgnoreCase) ? message.IndexOf(", ", StringComparison.Ordinal) : -1;
        string problem = (context < 0 ? message : message[(context + 2)..]).TrimEnd('.');
        problem = problem.Replace('\'', '\'');
        return problem.Length == 0 ? "unknown problem parsing YAML content" : char.ToLowerInvariant(problem[0]) + problem[1..];
    }
}
