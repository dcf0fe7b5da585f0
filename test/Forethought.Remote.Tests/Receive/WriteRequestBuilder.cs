using Forethought.Encoding;

namespace Forethought.Remote.Tests.Receive;

/// <summary>Writes a <c>prometheus.WriteRequest</c> field by field, valid or not.</summary>
internal sealed class WriteRequestBuilder
{
    private readonly List<(int Number, Action<ProtobufWriter> Fields)> _fields = [];

    public static WriteRequestBuilder Of(string labels, params (long TimeMs, double Value)[] samples) =>
        new WriteRequestBuilder().Series(labels, samples);

    public byte[] ToArray()
    {
        using var writer = new ProtobufWriter();
        foreach ((int number, Action<ProtobufWriter> fields) in _fields)
            Message(writer, number, fields);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>A series with labels written as <c>name=value,name=value</c> and in this order.</summary>
    public WriteRequestBuilder Series(string labels, params (long TimeMs, double Value)[] samples) =>
        Series(series =>
        {
            Labels(series, labels);
            foreach ((long timeMs, double value) in samples)
                Sample(series, timeMs, value);
        });

    public WriteRequestBuilder Series(Action<ProtobufWriter> fields) => Field(1, fields);

    public WriteRequestBuilder Field(int number, Action<ProtobufWriter> fields)
    {
        _fields.Add((number, fields));
        return this;
    }

    public static void Labels(ProtobufWriter writer, string labels)
    {
        foreach (string pair in labels.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            Label(writer, System.Text.Encoding.UTF8.GetBytes(pair[..equals]), System.Text.Encoding.UTF8.GetBytes(pair[(equals + 1)..]));
        }
    }

    public static void Label(ProtobufWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int start = writer.StartMessage(1);
        writer.WriteBytes(1, name);
        writer.WriteBytes(2, value);
        writer.EndMessage(start);
    }

    public static void Sample(ProtobufWriter writer, long timeMs, double value) => Message(writer, 2, sample =>
    {
        sample.WriteDouble(1, value);
        sample.WriteVarint(2, (ulong)timeMs);
    });

    public static void Message(ProtobufWriter writer, int number, Action<ProtobufWriter> fields)
    {
        int start = writer.StartMessage(number);
        fields(writer);
        writer.EndMessage(start);
    }

    public static void Span(ProtobufWriter writer, int number, int offset, uint length) => Message(writer, number, span =>
    {
        span.WriteZigZag(1, offset);
        span.WriteVarint(2, length);
    });

    public static void Deltas(ProtobufWriter writer, int number, params long[] deltas)
    {
        byte[] packed = new byte[Varint.MaxLength * deltas.Length];
        int length = 0;
        foreach (long delta in deltas)
            length += Varint.WriteVarint(packed.AsSpan(length), delta);
        writer.WriteBytes(number, packed.AsSpan(0, length));
    }
}
