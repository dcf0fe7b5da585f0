using System.Runtime.InteropServices;

namespace Forethought.Server;

/// <summary>The signals of the operating system: SIGTERM and SIGINT end the process in order, SIGHUP reloads.</summary>
internal sealed class ProcessSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public ProcessSignals(Action<string> terminate, Action reload)
    {
        Register(PosixSignal.SIGTERM, () => terminate("terminated"));
        Register(PosixSignal.SIGINT, () => terminate("interrupt"));
        if (!OperatingSystem.IsWindows())
            Register(PosixSignal.SIGHUP, reload);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void Register(PosixSignal signal, Action handle) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        // Without this the runtime would end the process by itself.
        context.Cancel = true;
        handle();
    }));
}
