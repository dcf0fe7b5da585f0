using Forethought.Tsdb;

namespace Forethought.Web;

/// <summary>Whether the server takes requests: not while it starts, and no more once it stops. Thread-safe.</summary>
public sealed class ServerReadiness
{
    private volatile bool _ready;
    private volatile bool _stopping;
    private readonly Lock _lock = new();
    private WalReplayProgress _replay;

    /// <summary>Whether requests are served.</summary>
    public bool IsReady => _ready && !_stopping;

    /// <summary>Whether the server is on its way out.</summary>
    public bool IsStopping => _stopping;

    /// <summary>How far the replay of the write-ahead log has come; all zero before it began.</summary>
    public WalReplayProgress Replay
    {
        get
        {
            lock (_lock)
                return _replay;
        }
        set
        {
            lock (_lock)
                _replay = value;
        }
    }

    /// <summary>Says that everything has started.</summary>
    public void SetReady() => _ready = true;

    /// <summary>Says that the server stops.</summary>
    public void SetStopping() => _stopping = true;
}
