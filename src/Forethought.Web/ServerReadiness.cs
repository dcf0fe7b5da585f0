namespace Forethought.Web;

/// <summary>Whether the server takes requests: not while it starts, and no more once it stops. Thread-safe.</summary>
public sealed class ServerReadiness
{
    private volatile bool _ready;
    private volatile bool _stopping;

    /// <summary>Whether requests are served.</summary>
    public bool IsReady => _ready && !_stopping;

    /// <summary>Whether the server is on its way out.</summary>
    public bool IsStopping => _stopping;

    /// <summary>Says that everything has started.</summary>
    public void SetReady() => _ready = true;

    /// <summary>Says that the server stops.</summary>
    public void SetStopping() => _stopping = true;
}
