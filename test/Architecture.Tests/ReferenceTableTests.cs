using System.Xml.Linq;

namespace Architecture.Tests;

/// <summary>Holds every project in <c>src/</c> to the table of rooms in <c>docs/architecture.md</c>.</summary>
public sealed class ReferenceTableTests
{
    private const string Prefix = "Forethought.";

    private static readonly string Root = RepositoryRoot();

    private static readonly Dictionary<string, HashSet<string>> Allowed = ReadTable();

    public static TheoryData<string> Projects() => [.. Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_table_allows(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        Assert.True(Allowed.ContainsKey(name), $"{name} is not in the table of docs/architecture.md");
        IEnumerable<string> actual = XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        Assert.DoesNotContain(actual, reference => !Allowed[name].Contains(reference));
    }

    [Fact]
    public void The_table_lists_the_rooms_bottom_up_so_references_cannot_form_a_cycle()
    {
        var seen = new HashSet<string>();
        foreach ((string room, HashSet<string> references) in Allowed)
        {
            Assert.All(references, reference => Assert.True(seen.Contains(reference), $"{room} references {reference}, which is not above it"));
            seen.Add(room);
        }
    }

    private static Dictionary<string, HashSet<string>> ReadTable()
    {
        var table = new Dictionary<string, HashSet<string>>();
        foreach (string line in File.ReadLines(Path.Combine(Root, "docs", "architecture.md")))
        {
            string[] cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length < 5 || !cells[1].StartsWith("`Forethought", StringComparison.Ordinal))
                continue;
            table.Add(cells[1].Trim('`'), References(cells[3], table));
        }

        Assert.True(table.Count > 10, "no table of rooms found in docs/architecture.md");
        return table;
    }

    private static HashSet<string> References(string cell, Dictionary<string, HashSet<string>> above)
    {
        if (cell == "–")
            return [];
        if (cell == "all")
            return [.. above.Keys];
        if (cell.StartsWith("all of the above", StringComparison.Ordinal))
            return [.. above.Keys.Where(room => !cell.EndsWith("but " + room[Prefix.Length..], StringComparison.Ordinal))];
        return [.. cell.Split(',', StringSplitOptions.TrimEntries).Select(room => Prefix + room.Split(' ')[0])];
    }

    private static string RepositoryRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "Forethought.slnx")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new InvalidOperationException("Forethought.slnx not found above the test binary");
    }
}
