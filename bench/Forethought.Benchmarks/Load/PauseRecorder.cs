using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace Forethought.Benchmarks.Load;

/// <summary>
/// Listens to the garbage collector of another .NET process and notes how long it stopped all threads each time, the time until they had
/// stopped included.
/// </summary>
internal sealed class PauseRecorder : IDisposable
{
    private readonly EventPipeSession _session;
    private readonly Thread _reader;
    private readonly List<Pause> _pauses = [];
    private double _beginMs = double.NaN;
    private double _stoppedMs;
    private string _cause = "";

    private PauseRecorder(EventPipeSession session)
    {
        _session = session;
        _reader = new Thread(Read) { IsBackground = true, Name = "pauses" };
        _reader.Start();
    }

    /// <summary>Begins to listen; null when the process is not a .NET process.</summary>
    public static PauseRecorder? TryStart(int processId)
    {
        if (!DiagnosticsClient.GetPublishedProcesses().Contains(processId))
            return null;
        var collector = new EventPipeProvider(
            "Microsoft-Windows-DotNETRuntime", EventLevel.Informational, (long)ClrTraceEventParser.Keywords.GC);
        return new PauseRecorder(new DiagnosticsClient(processId).StartEventPipeSession(collector, requestRundown: false));
    }

    /// <summary>Ends listening and returns the pauses, in order of time.</summary>
    public IReadOnlyList<Pause> Finish()
    {
        _session.Stop();
        _reader.Join();
        return _pauses;
    }

    public void Dispose() => _session.Dispose();

    private void Read()
    {
        using var events = new EventPipeEventSource(_session.EventStream);
        events.Clr.GCSuspendEEStart += suspension =>
        {
            _beginMs = suspension.TimeStampRelativeMSec;
            _cause = suspension.Reason.ToString();
        };
        events.Clr.GCSuspendEEStop += suspension => _stoppedMs = suspension.TimeStampRelativeMSec;
        events.Clr.GCStart += collection => _cause = $"gen{collection.Depth} {collection.Type} {collection.Reason}";
        events.Clr.GCRestartEEStop += restart =>
        {
            // Listening may have begun in the middle of one.
            if (!double.IsNaN(_beginMs))
                _pauses.Add(new Pause(_beginMs, restart.TimeStampRelativeMSec - _beginMs, _stoppedMs - _beginMs, _cause));
            _beginMs = double.NaN;
        };
        events.Process();
    }
}
