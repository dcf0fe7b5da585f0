using Forethought.Testing;

namespace Interop.Tests;

/// <summary>A target that serves each path all pages in turn, each once, and then nothing.</summary>
internal sealed class PageSequence : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _fetched = [];
    private readonly TargetServer _server;
    private readonly int _pages;

    /// <param name="page">An OpenMetrics page by its number.</param>
    /// <param name="pages">How many there are.</param>
    public PageSequence(Func<int, string> page, int pages)
    {
        _pages = pages;
        _server = new TargetServer(path =>
        {
            int number = Next(path);
            return new TargetAnswer(number < pages ? page(number) : "# EOF\n")
            {
                ContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8",
            };
        });
    }

    public string Endpoint => _server.Endpoint;

    /// <summary>Whether each path was asked for once more after its last page, which therefore is stored.</summary>
    public bool AreAllServed(params string[] paths)
    {
        lock (_lock)
            return paths.All(path => _fetched.GetValueOrDefault(path) > _pages);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private int Next(string path)
    {
        lock (_lock)
        {
            int number = _fetched.GetValueOrDefault(path);
            _fetched[path] = number + 1;
            return number;
        }
    }
}
