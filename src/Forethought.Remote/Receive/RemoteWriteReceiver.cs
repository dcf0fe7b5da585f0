using System.Collections.Concurrent;
using Forethought.Client;
using Forethought.Model;
using Forethought.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using IQueryable = Forethought.Storage.IQueryable;

namespace Forethought.Remote.Receive;

/// <summary>
/// Takes samples by the remote write 1.0 protocol (<c>POST /api/v1/write</c>). A request is stored as a whole or not at all: the
/// first sample that the store refuses makes it fail; only series whose labels are not valid are left out silently. Thread-safe.
/// </summary>
public sealed class RemoteWriteReceiver
{
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(10);

    // A larger request grew buffers that the next ones have no use for.
    private const int MaxReusedRequest = 4 * 1024 * 1024;

    private readonly ConcurrentBag<WriteRequestAppender> _idle = [];
    private readonly RemoteWriteReceiverOptions _options;
    private readonly string[] _decodable;
    private readonly IAppendable _storage;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Counter _invalidSeries;
    private readonly Counter _withoutMetadata;

    /// <summary>Makes a receiver and registers its metrics.</summary>
    /// <param name="options">Whether it is enabled, and what it accepts.</param>
    /// <param name="storage">Where samples go; if it can be queried too, refusals of duplicates say what was there.</param>
    /// <param name="time">The clock that tells what lies too far in the future.</param>
    /// <param name="registry">Where its metrics are registered.</param>
    /// <param name="logger">Told of rejected requests and series.</param>
    /// <exception cref="MetricRegistrationException">The registry has a receiver's metrics already.</exception>
    public RemoteWriteReceiver(
        RemoteWriteReceiverOptions options, IAppendable storage, TimeProvider time, MetricRegistry registry, ILogger logger)
    {
        _options = options;
        _decodable = [.. options.AcceptedMessages.Where(message => message == RemoteWriteReceiverOptions.Version1Message)];
        _storage = storage;
        _time = time;
        _logger = logger;
        _invalidSeries = registry.CreateCounter(
            "prometheus_api_remote_write_invalid_labels_samples_total",
            "The total number of received remote write samples and histogram samples which were rejected due to invalid labels.");
        _withoutMetadata = registry.CreateCounter(
            "prometheus_api_remote_write_without_metadata_appended_samples_total",
            "The total number of received remote write samples (and histogram samples) which were ingested without corresponding metadata.");
    }

    /// <summary>
    /// Answers one request: 204 when all is stored, else an error as text. The caller sees to the method and to the server's readiness.
    /// </summary>
    public async Task HandleAsync(HttpContext context)
    {
        RemoteWriteRejection? rejection = await ReceiveAsync(context.Request).ConfigureAwait(false);
        if (rejection is null)
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else
            await RejectAsync(context.Response, rejection).ConfigureAwait(false);
    }

    // The order of the checks is upstream's: encoding, body, content type.
    private async ValueTask<RemoteWriteRejection?> ReceiveAsync(HttpRequest request)
    {
        if (!_options.IsEnabled)
        {
            return new RemoteWriteRejection(
                StatusCodes.Status404NotFound, "remote write receiver needs to be enabled with --web.enable-remote-write-receiver");
        }

        using var body = new RequestBody();
        RemoteWriteRejection? rejection = CheckEncoding(First(request.Headers.ContentEncoding))
            ?? await body.ReadAsync(request).ConfigureAwait(false)
            ?? body.Expand()
            ?? CheckMessage(First(request.Headers.ContentType));
        if (rejection is null)
            return await StoreAsync(body).ConfigureAwait(false);
        RemoteWriteReceiverLog.Undecodable(_logger, rejection.Text);
        return rejection;
    }

    private static string First(StringValues header) => header.Count > 0 ? header[0] ?? "" : "";

    private static RemoteWriteRejection? CheckEncoding(string encoding) => encoding is "" or "snappy"
        ? null
        : new RemoteWriteRejection(
            StatusCodes.Status415UnsupportedMediaType,
            $"{encoding} encoding (compression) is not accepted by this server; only snappy is acceptable");

    private RemoteWriteRejection? CheckMessage(string contentType)
    {
        string? error = WriteContentType.Parse(contentType, out string message);
        if (error is null && !_decodable.Contains(message))
            error = $"{message} protobuf message is not accepted by this server; only accepts {string.Join(", ", _decodable)}";
        return error is null ? null : new RemoteWriteRejection(StatusCodes.Status415UnsupportedMediaType, error);
    }

    private async ValueTask<RemoteWriteRejection?> StoreAsync(RequestBody body)
    {
        try
        {
            using IAppender appender = _storage.OpenAppender();
            RefusedRow? refused = Append(body.Content, appender, out int rows);
            if (refused is not null)
            {
                appender.Rollback();
                return await RejectAsync(refused, body).ConfigureAwait(false);
            }

            // Not given up with the connection: the sender would send again what may have been stored.
            await appender.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            _withoutMetadata.Add(rows);
            return null;
        }
        catch (MalformedRequestException e)
        {
            RemoteWriteReceiverLog.Undecodable(_logger, e.Message);
            return new RemoteWriteRejection(StatusCodes.Status400BadRequest, e.Message);
        }
        catch (Exception e) when (e is IOException or StorageException)
        {
            RemoteWriteReceiverLog.NotStored(_logger, e.Message);
            return new RemoteWriteRejection(StatusCodes.Status500InternalServerError, e.Message);
        }
    }

    private RefusedRow? Append(ReadOnlySpan<byte> request, IAppender appender, out int rows)
    {
        if (!_idle.TryTake(out WriteRequestAppender? decoder))
            decoder = new WriteRequestAppender();
        try
        {
            long maxTimeMs = (_time.GetUtcNow() + MaxAhead).ToUnixTimeMilliseconds();
            RefusedRow? refused = decoder.Append(request, appender, maxTimeMs);
            rows = decoder.Rows;
            if (refused is null && decoder.InvalidSeries > 0)
                CountInvalid(decoder.InvalidSeries, decoder.FirstInvalidSeries.Of(request));
            return refused;
        }
        finally
        {
            if (request.Length <= MaxReusedRequest)
                _idle.Add(decoder);
        }
    }

    // Upstream counts series, not samples, and those of accepted requests only.
    private void CountInvalid(int count, ReadOnlySpan<byte> first)
    {
        _invalidSeries.Add(count);
        if (_logger.IsEnabled(LogLevel.Warning))
            RemoteWriteReceiverLog.InvalidLabels(_logger, SeriesLabels.Describe(first), count);
    }

    private async ValueTask<RemoteWriteRejection> RejectAsync(RefusedRow refused, RequestBody body)
    {
        string text = refused.Text;
        if (refused.Outcome == AppendOutcome.DuplicateTimestamp && _storage is IQueryable store)
            text = await ExistingSample.DescribeAsync(refused, LabelsOf(refused, body), store).ConfigureAwait(false);
        RemoteWriteReceiverLog.Refused(_logger, text, SeriesLabels.Describe(refused.Series.Of(body.Content)), refused.TimeMs);
        return new RemoteWriteRejection(
            refused.IsBadRequest ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError, text);
    }

    private static Labels LabelsOf(RefusedRow refused, RequestBody body)
    {
        var labels = new SeriesLabels();
        labels.Read(refused.Series.Of(body.Content), out _);
        return Labels.FromPacked(labels.Packed);
    }

    private static Task RejectAsync(HttpResponse response, RemoteWriteRejection rejection)
    {
        response.StatusCode = rejection.StatusCode;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        return response.WriteAsync(rejection.Text + "\n");
    }
}
