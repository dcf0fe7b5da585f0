namespace Forethought.Http;

/// <summary>One custom header of <c>http_headers</c>: its values, in the order values, secrets, files.</summary>
public sealed record HeaderSettings
{
    /// <summary>Values shown in the marshalled configuration.</summary>
    public ValueList<string> Values { get; init; } = [];

    /// <summary>Values that are masked.</summary>
    public ValueList<Secret> Secrets { get; init; } = [];

    /// <summary>Files whose trimmed content is a value, read again for each request.</summary>
    public ValueList<string> Files { get; init; } = [];

    /// <summary>The number of values from all sources.</summary>
    internal int ValueCount => Values.Count + Secrets.Count + Files.Count;

    internal HeaderSettings WithDirectory(string directory) =>
        this with { Files = Files.Select(file => ConfiguredPath.Join(directory, file)).ToValueList() };
}
