using System.Text;

namespace Forethought.Testing;

/// <summary>What a <see cref="TargetServer"/> answers to a scrape, good or bad.</summary>
/// <param name="Body">The bytes after the headers.</param>
public sealed record TargetAnswer(byte[] Body)
{
    /// <summary>An answer in UTF-8.</summary>
    public TargetAnswer(string body)
        : this(Encoding.UTF8.GetBytes(body))
    {
    }

    /// <summary>The status code and reason.</summary>
    public string Status { get; init; } = "200 OK";

    /// <summary>The content type; null leaves the header out.</summary>
    public string? ContentType { get; init; } = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The length that the header declares; more than the body has cuts the connection after it.</summary>
    public int? DeclaredLength { get; init; }

    /// <summary>Whether the request is never answered.</summary>
    public bool Hangs { get; init; }
}
