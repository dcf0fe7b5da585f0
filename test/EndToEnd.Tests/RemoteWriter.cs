using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Forethought.Encoding;

namespace EndToEnd.Tests;

/// <summary>Sends samples by remote write 1.0 (message WriteRequest of Prometheus' remote.proto, compressed with Snappy).</summary>
internal sealed class RemoteWriter(Uri server) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = server, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Writes one request; 204 acknowledges it.</summary>
    public async Task<HttpStatusCode> Write(IEnumerable<WrittenSample> samples)
    {
        using var content = new ByteArrayContent(Encode(samples));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/write") { Content = content };
        request.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        using HttpResponseMessage response = await _client.SendAsync(request);
        return response.StatusCode;
    }

    public void Dispose() => _client.Dispose();

    private static byte[] Encode(IEnumerable<WrittenSample> samples)
    {
        using var writer = new ProtobufWriter();
        foreach (IGrouping<string, WrittenSample> series in samples.GroupBy(sample => string.Join('\0', sample.Labels)))
            WriteSeries(writer, series.First().Labels, series);
        byte[] compressed = new byte[Snappy.MaxCompressedLength(writer.Length)];
        return compressed[..Snappy.Compress(writer.WrittenSpan, compressed)];
    }

    private static void WriteSeries(ProtobufWriter writer, (string Name, string Value)[] labels, IEnumerable<WrittenSample> samples)
    {
        int series = writer.StartMessage(1);
        foreach ((string name, string value) in labels)
        {
            int label = writer.StartMessage(1);
            writer.WriteBytes(1, Encoding.UTF8.GetBytes(name));
            writer.WriteBytes(2, Encoding.UTF8.GetBytes(value));
            writer.EndMessage(label);
        }

        foreach (WrittenSample written in samples)
        {
            int sample = writer.StartMessage(2);
            writer.WriteDouble(1, written.Value);
            writer.WriteVarint(2, (ulong)written.TimestampMs);
            writer.EndMessage(sample);
        }

        writer.EndMessage(series);
    }
}
