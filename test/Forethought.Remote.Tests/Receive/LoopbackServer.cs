using Forethought.Client;
using Forethought.Remote.Receive;
using Forethought.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forethought.Remote.Tests.Receive;

/// <summary>A receiver behind Kestrel with its default limits, on a port of its own.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private LoopbackServer(WebApplication application) => _application = application;

    public Uri Url => new(_application.Urls.Single());

    public static async Task<LoopbackServer> StartAsync(IAppendable storage, TimeProvider time)
    {
        var receiver = new RemoteWriteReceiver(
            new RemoteWriteReceiverOptions { IsEnabled = true }, storage, time, new MetricRegistry(), NullLogger.Instance);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        application.Run(receiver.HandleAsync);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new LoopbackServer(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
