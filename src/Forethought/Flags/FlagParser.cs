namespace Forethought.Flags;

/// <summary>
/// Takes a command line apart as Prometheus does: <c>--name=value</c>, <c>--name value</c>, <c>--no-name</c> for switches,
/// <c>@file</c> for more arguments, one a line.
/// </summary>
public sealed class FlagParser
{
    private const int MaxArgumentFileDepth = 8;

    private readonly Dictionary<string, FlagDefinition> _flags;

    /// <summary>Makes a parser for a set of flags.</summary>
    public FlagParser(IEnumerable<FlagDefinition> flags) => _flags = flags.ToDictionary(flag => flag.Name);

    /// <summary>Reads the arguments and checks every value.</summary>
    /// <exception cref="FlagException">An argument is unknown or its value unusable.</exception>
    public FlagValues Parse(IReadOnlyList<string> arguments)
    {
        List<string> expanded = Expand(arguments, depth: 0);
        var given = new Dictionary<string, List<string>>();
        var builtin = new HashSet<string>();
        for (int i = 0; i < expanded.Count; i++)
        {
            string argument = expanded[i];
            if (argument is "-h" or "--help" or "--help-long" or "--help-man" or "--version")
                builtin.Add(argument is "-h" ? "help" : argument[2..]);
            else if (argument.StartsWith("--", StringComparison.Ordinal) && argument.Length > 2)
                i += TakeFlag(argument[2..], i + 1 < expanded.Count ? expanded[i + 1] : null, given);
            else if (argument.StartsWith('-') && argument.Length > 1)
                throw new FlagException($"unknown short flag '{argument[..2]}'");
            else
                throw new FlagException($"unexpected {argument}");
        }

        var values = new FlagValues(_flags, given, builtin);
        if (builtin.Count == 0)
            values.CheckAll();
        return values;
    }

    private static List<string> Expand(IReadOnlyList<string> arguments, int depth)
    {
        var expanded = new List<string>(arguments.Count);
        foreach (string argument in arguments)
        {
            if (!argument.StartsWith('@') || depth == MaxArgumentFileDepth)
                expanded.Add(argument);
            else
                expanded.AddRange(Expand(ReadArgumentFile(argument[1..]), depth + 1));
        }

        return expanded;
    }

    private static string[] ReadArgumentFile(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Where(line => line.Length > 0 && !line.StartsWith('#'))];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FlagException($"open {path}: no such file or directory", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FlagException($"open {path}: {e.Message}", e);
        }
    }

    // Returns how many further arguments were used up as the value.
    private int TakeFlag(string text, string? next, Dictionary<string, List<string>> given)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? text : text[..equals];
        bool negated = false;
        if (!_flags.TryGetValue(name, out FlagDefinition? flag) && name.StartsWith("no-", StringComparison.Ordinal))
        {
            negated = _flags.TryGetValue(name["no-".Length..], out flag) && flag.Kind == FlagKind.Bool;
            if (!negated)
                flag = null;
        }

        if (flag is null)
            throw new FlagException($"unknown long flag '--{name}'");
        if (!given.TryGetValue(flag.Name, out List<string>? texts))
            given.Add(flag.Name, texts = []);
        if (flag.Kind == FlagKind.Bool)
        {
            if (equals >= 0)
                throw new FlagException($"unexpected {text[(equals + 1)..]}");
            texts.Add(negated ? "false" : "true");
            return 0;
        }

        if (equals >= 0)
        {
            texts.Add(text[(equals + 1)..]);
            return 0;
        }

        if (next is null || (next.StartsWith('-') && next.Length > 1))
            throw new FlagException($"expected argument for flag '--{name}'");
        texts.Add(next);
        return 1;
    }
}
