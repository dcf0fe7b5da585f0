using Forethought.Testing;

namespace Interop.Tests;

/// <summary>
/// A target that serves one page after the other, each until every server has fetched it twice: a server that asks for the second
/// time has stored the first answer. What it gets again it has already, or is older than that, and changes nothing.
/// </summary>
internal sealed class PagedTarget : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _fetched;
    private readonly TargetServer _server;
    private readonly ExposedData _data;
    private int _page;

    /// <param name="data">The pages.</param>
    /// <param name="paths">One path a server.</param>
    public PagedTarget(ExposedData data, params string[] paths)
    {
        _data = data;
        _fetched = paths.ToDictionary(path => path, _ => 0);
        _server = new TargetServer(path => new TargetAnswer(NextPage(path)));
    }

    public string Endpoint => _server.Endpoint;

    /// <summary>Whether every server has stored the last page.</summary>
    public bool IsDone
    {
        get
        {
            lock (_lock)
                return _page == ExposedData.Pages;
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string NextPage(string path)
    {
        lock (_lock)
        {
            _fetched[path]++;
            if (_page < ExposedData.Pages && _fetched.Values.All(times => times > 2))
            {
                _page++;
                foreach (string each in _fetched.Keys)
                    _fetched[each] = 0;
                _fetched[path] = 1;
            }

            return _page < ExposedData.Pages ? _data.Page(_page) : "";
        }
    }
}
