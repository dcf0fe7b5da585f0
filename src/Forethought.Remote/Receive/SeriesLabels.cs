using System.Text;
using System.Text.Unicode;
using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Remote.Receive;

/// <summary>
/// Packs the labels of a <c>prometheus.TimeSeries</c>. Senders sort labels, so one pass packs and checks them; the others go
/// through a builder. Reused for series after series; not thread-safe.
/// </summary>
internal sealed class SeriesLabels
{
    private const int MaxDescribedLength = 4096;

    private readonly LabelsBuilder _builder = new();
    private byte[] _packed = new byte[1024];
    private int _length;

    /// <summary>The packed labels of the series read last, if they are valid; until the next read.</summary>
    public ReadOnlySpan<byte> Packed => _packed.AsSpan(0, _length);

    /// <summary>Reads the labels of a series.</summary>
    /// <param name="series">The message.</param>
    /// <param name="firstOther">The offset of its first field that is no label; its length if there is none.</param>
    /// <returns>
    /// Whether the labels name a series: a metric name, no empty or repeated label names, all text UTF-8. Labels with an empty
    /// value are left out.
    /// </returns>
    /// <exception cref="MalformedRequestException">The message, down to its labels, is not well-formed.</exception>
    public bool Read(ReadOnlySpan<byte> series, out int firstOther)
    {
        // No label takes more bytes packed than it does on the wire, where it has at least as many bytes of lengths and a tag more.
        if (_packed.Length < series.Length)
            _packed = new byte[Math.Max(series.Length, 2 * _packed.Length)];
        _length = 0;
        firstOther = series.Length;
        bool isAscending = true, isValid = true, hasMetricName = false;
        ReadOnlySpan<byte> previous = default;
        var reader = new ProtobufReader(series);
        for (int start = 0; reader.TryReadField(out int field); start = reader.Position)
        {
            if (field != 1)
            {
                firstOther = Math.Min(firstOther, start);
                reader.Skip();
                continue;
            }

            LabelMessage.Read(reader.ReadBytes(), out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value);
            isAscending = isAscending && name.SequenceCompareTo(previous) > 0;
            previous = name;
            if (!isAscending || value.IsEmpty || value.Length > PackedLabels.MaxStringLength || name.Length > PackedLabels.MaxStringLength)
            {
                isValid = isValid && IsLeftOut(name, value);
                continue;
            }

            hasMetricName = hasMetricName || name.SequenceEqual(LabelNames.MetricName);
            _length += PackedLabels.WriteString(_packed.AsSpan(_length), name);
            _length += PackedLabels.WriteString(_packed.AsSpan(_length), value);
        }

        if (reader.Failure != ProtobufFailure.None)
            MalformedRequestException.Throw(reader, "TimeSeries", "Labels");
        return isAscending ? isValid && hasMetricName && IsUtf8(Packed) : ReadUnordered(series);
    }

    /// <summary>The labels of a series as they were sent, valid or not, for the log.</summary>
    public static string Describe(ReadOnlySpan<byte> series)
    {
        var text = new StringBuilder("{");
        var reader = new ProtobufReader(series);
        while (text.Length < MaxDescribedLength && reader.TryReadField(out int field))
        {
            if (field != 1)
            {
                reader.Skip();
                continue;
            }

            LabelMessage.Read(reader.ReadBytes(), out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value);
            if (text.Length > 1)
                text.Append(", ");
            AppendName(text, name[..Math.Min(name.Length, MaxDescribedLength)]);
            text.Append('=');
            GoQuote.Append(text, value[..Math.Min(value.Length, MaxDescribedLength)]);
        }

        return text.Append('}').ToString();
    }

    private static void AppendName(StringBuilder text, ReadOnlySpan<byte> name)
    {
        if (MetricNames.IsLegacyLabelName(name))
            text.Append(System.Text.Encoding.UTF8.GetString(name));
        else
            GoQuote.Append(text, name);
    }

    // A label without a value is as good as absent, but its name must be one. The metric name cannot be left out.
    private static bool IsLeftOut(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        value.IsEmpty && MetricNames.IsUtf8Name(name) && !name.SequenceEqual(LabelNames.MetricName);

    // The first pass has seen that the message is well-formed.
    private bool ReadUnordered(ReadOnlySpan<byte> series)
    {
        bool hasMetricName = false;
        _builder.Clear();
        var reader = new ProtobufReader(series);
        while (reader.TryReadField(out int field))
        {
            if (field != 1)
            {
                reader.Skip();
                continue;
            }

            LabelMessage.Read(reader.ReadBytes(), out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value);
            if (!MetricNames.IsUtf8Name(name) || !Utf8.IsValid(value)
                || Math.Max(name.Length, value.Length) > PackedLabels.MaxStringLength)
                return false;
            hasMetricName = hasMetricName || (!value.IsEmpty && name.SequenceEqual(LabelNames.MetricName));
            _builder.Append(name, value);
        }

        if (!hasMetricName || _builder.HasDuplicateNames(out _))
            return false;
        ReadOnlySpan<byte> packed = _builder.Pack();
        packed.CopyTo(_packed);
        _length = packed.Length;
        return true;
    }

    // Lengths below 128 are ASCII too, so the usual set is checked as one run of bytes.
    private static bool IsUtf8(ReadOnlySpan<byte> packed)
    {
        if (Ascii.IsValid(packed))
            return true;
        for (int offset = 0; offset < packed.Length;)
        {
            if (!Utf8.IsValid(PackedLabels.ReadString(packed, ref offset)))
                return false;
        }

        return true;
    }
}
