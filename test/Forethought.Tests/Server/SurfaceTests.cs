using Forethought.Configuration;
using Forethought.Flags;
using Forethought.Server;
using Forethought.Testing;

namespace Forethought.Tests.Server;

/// <summary>Holds flags and configuration keys to the tables of the reference's surface.</summary>
public sealed class SurfaceTests
{
    // Flags that the reference's parser brings along for shells, and one that writes its manual.
    private static readonly string[] NotOfTheServer =
        ["--completion-bash", "--completion-script-bash", "--completion-script-zsh", "@<file>", "--write-documentation"];

    // Where sections stand that several others share.
    private static readonly (string Placeholder, string Section)[] Places =
    [
        ("<http_client_config>", "scrape_configs[]"),
        ("<tls_config>", "scrape_configs[].tls_config"),
        ("<relabel_config>", "scrape_configs[].relabel_configs[]"),
        ("<sd>", "scrape_configs[]"),
    ];

    [Fact]
    public void Every_flag_is_known_with_its_default_and_mode()
    {
        Dictionary<string, FlagDefinition> known = ServerFlags.All.ToDictionary(flag => "--" + flag.Name);
        List<string> problems = [];
        int checkedFlags = 0;
        foreach (string[] row in Surface.Rows("flags.tsv").Where(row => row[0] == "prometheus" && !NotOfTheServer.Contains(row[1])))
        {
            string name = row[1], listed = row[3];
            if (row[4].Contains("builtin", StringComparison.Ordinal) || name is "-h, --help" or "--version")
            {
                new FlagParser(ServerFlags.All).Parse([name.Split(", ")[0]]);
                continue;
            }

            checkedFlags++;
            if (!known.TryGetValue(name, out FlagDefinition? flag))
                problems.Add($"{name} is unknown");
            else if (!Agrees(flag.Default ?? (flag.Kind == FlagKind.Bool ? "false" : ""), listed))
                problems.Add($"{name} has the default '{flag.Default}' and not '{listed}'");
            else if (!flag.Mode.ToString().Equals(row[5], StringComparison.OrdinalIgnoreCase))
                problems.Add($"{name} is for {flag.Mode} and not for {row[5]}");
            else if (flag.Hidden != row[4].StartsWith("hidden", StringComparison.Ordinal))
                problems.Add($"{name} is hidden: {flag.Hidden}, and listed as {row[4]}");
        }

        Assert.True(checkedFlags > 60, $"only {checkedFlags} flags were listed");
        Assert.Empty(problems);
    }

    [Fact]
    public void Every_flag_is_used_by_the_server_or_named_as_missing()
    {
        string directory = Path.Combine(Repository.Root, "src", "Forethought", "Server");
        string sources = string.Concat(Directory.GetFiles(directory, "*.cs").Select(File.ReadAllText));
        string[] forgotten = [.. ServerFlags.All.Select(flag => flag.Name).Where(name => !sources.Contains($"\"{name}\"", StringComparison.Ordinal))];
        Assert.Empty(forgotten);
    }

    [Fact]
    public void Given_flags_without_a_feature_are_named()
    {
        FlagValues flags = new FlagParser(ServerFlags.All).Parse(
            ["--web.enable-otlp-receiver", "--query.timeout=1m", "--rules.max-concurrent-evals=3", "--storage.tsdb.wal-compression-type=zstd"]);
        IReadOnlyList<string> missing = MissingFeatures.Among(flags);
        Assert.Contains("--web.enable-otlp-receiver", missing);
        Assert.Contains("--rules.max-concurrent-evals", missing);
        Assert.DoesNotContain("--query.timeout", missing);
        Assert.Empty(MissingFeatures.Among(new FlagParser(ServerFlags.All).Parse(["--query.timeout=1m"])));
    }

    // Whether the key is one of the language's; the values made up here may well be refused.
    [Fact]
    public void Every_key_of_the_configuration_is_accepted()
    {
        List<string> refused = [];
        int keys = 0;
        foreach (string[] row in Surface.Rows("config.tsv"))
        {
            string full = Places.Aggregate(row[0], (key, place) => key.Replace(place.Placeholder, place.Section, StringComparison.Ordinal));
            string[] path = full.Split('.');
            if (full.Any(c => c is '(' or '<' or '*' or ' ' or '|' or ','))
                continue;
            keys++;
            string text = string.Concat(path.Select((key, depth) =>
                key.EndsWith("[]", StringComparison.Ordinal) ? $"{{{key[..^2]}: [" : depth < path.Length - 1 ? $"{{{key}: " : $"{{{key}: x"));
            for (int depth = path.Length - 1; depth >= 0; depth--)
                text += path[depth].EndsWith("[]", StringComparison.Ordinal) ? "]}" : "}";
            try
            {
                ConfigurationLoader.LoadText(System.Text.Encoding.UTF8.GetBytes(text));
            }
            catch (ConfigurationException error) when (error.Message.Contains("not found in type", StringComparison.Ordinal))
            {
                refused.Add($"{row[0]}: {error.Message}");
            }
            catch (ConfigurationException)
            {
                // The key is known, the value is not to its liking.
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{keys} keys, {refused.Count} refused");
        Assert.True(keys > 450, $"only {keys} keys were listed");
        Assert.Empty(refused);
    }

    private static bool Agrees(string actual, string listed) =>
        listed.StartsWith('(') ? actual.Length == 0
        : actual == listed || actual == listed.Replace(", ", ",", StringComparison.Ordinal)
            // 0 stands for a default that is worked out later.
            || (actual.Length == 0 && (listed == "0" || listed.StartsWith("0 (", StringComparison.Ordinal)));
}
