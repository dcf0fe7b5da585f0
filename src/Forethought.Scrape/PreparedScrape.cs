using Forethought.Model;

namespace Forethought.Scrape;

/// <summary>
/// A configuration that scraping is ready to switch to: HTTP clients are made, rules compiled. It is either switched to
/// (<see cref="ScrapeManager.SwitchAsync"/>) or disposed.
/// </summary>
public sealed class PreparedScrape : IDisposable
{
    private readonly List<ScrapeJob> _made;

    private bool _isTaken;

    internal PreparedScrape(Dictionary<string, ScrapeJob> jobs, List<ScrapeJob> made, FailureLogs failureLogs, Labels externalLabels)
    {
        Jobs = jobs;
        FailureLogs = failureLogs;
        _made = made;
        ExternalLabels = externalLabels;
    }

    internal Dictionary<string, ScrapeJob> Jobs { get; }

    internal FailureLogs FailureLogs { get; }

    internal Labels ExternalLabels { get; }

    /// <summary>Lets go of what was made for a configuration that is not switched to.</summary>
    public void Dispose()
    {
        if (_isTaken)
            return;
        foreach (ScrapeJob job in _made)
            job.Dispose();
        _made.Clear();
        FailureLogs.Dispose();
    }

    /// <summary>The manager owns the jobs and files from now on.</summary>
    internal void Taken() => _isTaken = true;
}
