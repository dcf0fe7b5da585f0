using Forethought.Flags;
using Forethought.Server;

namespace Forethought.Tests.Claims;

/// <summary>
/// Every row of the reference's surface is either shown to work by a test that <c>claims.tsv</c> names, or known to be missing. Rows are
/// told by the longest key of the table that they begin with; what the server itself warns about needs no line there.
/// </summary>
public sealed class SurfaceClaimTests
{
    private const string Missing = "missing";

    // A flag or metric whose effect is wired through but that no test looks at. One that gets its test leaves this list's length.
    private const string Untested = "untested";
    private const int UntestedRows = 4;

    // Of the metrics only those of the storage are claimed row by row.
    private const string StorageMetrics = "prometheus_tsdb_";

    private static readonly string[][] Lines =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Claims", "claims.tsv")).Skip(1).Select(line => line.Split('\t'))];

    [Fact]
    public void Every_row_is_proved_or_missing()
    {
        List<string> unclaimed = [];
        var used = new HashSet<string[]>();
        int proved = 0, untested = 0;
        List<string> missing = [];
        foreach ((string table, string key) in Rows())
        {
            string[]? claim = Lines.Where(claim => claim[0] == table && key.StartsWith(claim[1], StringComparison.Ordinal)).MaxBy(claim => claim[1].Length);
            if (claim is not null)
                used.Add(claim);
            if (IsWarnedAbout(table, key) || claim?[2] == Missing)
                missing.Add($"{table} {key}");
            else if (claim is null)
                unclaimed.Add($"{table} {key}");
            else if (claim[2] == Untested)
                untested++;
            else
                proved++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{proved} rows proved, {untested} untested, {missing.Count} missing:\n{string.Join('\n', missing)}");
        Assert.Empty(unclaimed);
        Assert.Empty(Lines.Except(used).Select(claim => string.Join(' ', claim)));
        Assert.Equal(UntestedRows, untested);
        Assert.True(proved > 150, $"only {proved} rows are proved");
    }

    [Fact]
    public void Every_proof_is_a_test()
    {
        Dictionary<string, string> sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "test"), "*Tests.cs", SearchOption.AllDirectories)
            .GroupBy(path => Path.GetFileNameWithoutExtension(path))
            .ToDictionary(files => files.Key, files => string.Concat(files.Select(File.ReadAllText)));
        string[] lost = [.. Lines.Select(claim => claim[2]).Where(proof => proof is not (Missing or Untested)).Distinct().Where(proof =>
            proof.Split('.') is not [var type, var method]
            || !sources.TryGetValue(type, out string? text)
            || !text.Contains($" {method}(", StringComparison.Ordinal))];
        Assert.Empty(lost);
    }

    private static IEnumerable<(string Table, string Key)> Rows()
    {
        foreach (string[] row in Forethought.Testing.Surface.Rows("config.tsv"))
            yield return ("config", row[0]);
        foreach (string[] row in Forethought.Testing.Surface.Rows("flags.tsv").Where(row => row[0] == "prometheus"))
            yield return ("flags", row[1]);
        foreach (string[] row in Forethought.Testing.Surface.Rows("http.tsv"))
            yield return ("http", row[1]);
        foreach (string[] row in Forethought.Testing.Surface.Rows("metrics.tsv").Where(row => row[0].StartsWith(StorageMetrics, StringComparison.Ordinal)))
            yield return ("metrics", row[0]);
    }

    private static bool IsWarnedAbout(string table, string key) => table switch
    {
        "config" => MissingFeatures.Settings.Any(path => Covers(path, key.Replace("<sd>.", "scrape_configs[].", StringComparison.Ordinal))),
        "flags" => ServerFlags.All.Any(flag => "--" + flag.Name == key) && MissingFeatures.Among(Given(key)).Count > 0,
        _ => false,
    };

    // A value that is missing ("…=xor2") does not make the setting missing.
    private static bool Covers(string path, string key) =>
        key.StartsWith(path, StringComparison.Ordinal) && (key.Length == path.Length || key[path.Length] is '.' or '[');

    private static FlagValues Given(string flag)
    {
        FlagDefinition definition = ServerFlags.All.Single(known => "--" + known.Name == flag);
        string value = definition.Kind switch
        {
            FlagKind.Bool => "",
            FlagKind.Integer or FlagKind.Float => "=1",
            FlagKind.Duration or FlagKind.GoDuration => "=1s",
            FlagKind.Bytes => "=1MB",
            FlagKind.Enum => "=" + definition.Choices[0],
            _ => "=x",
        };
        return new FlagParser(ServerFlags.All).Parse([flag + value]);
    }
}
