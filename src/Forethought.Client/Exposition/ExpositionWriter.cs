using System.Buffers;
using Forethought.Encoding;

namespace Forethought.Client;

/// <summary>
/// Writes metric families in the text format 0.0.4 or OpenMetrics, as they come: sorting and consistency are the caller's. For each
/// family <see cref="BeginFamily"/>; for each sample <see cref="BeginSample(ReadOnlySpan{byte})"/>, its labels, and an
/// <c>EndSample</c>; at the end <see cref="Complete"/>. Bytes reach the output in pieces and only with <see cref="Flush"/> or <see cref="Complete"/> for certain.
/// Not thread-safe. Does not allocate unless a name must be escaped.
/// </summary>
/// <remarks>
/// The formats: https://prometheus.io/docs/instrumenting/exposition_formats and the OpenMetrics specification 1.0.0. Number forms
/// are Go's shortest ones, as every Prometheus server writes them.
/// </remarks>
public sealed class ExpositionWriter : IDisposable
{
    private const int BufferSize = 16 * 1024;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create("\\\n"u8);
    private static readonly SearchValues<byte> EscapedInQuotes = SearchValues.Create("\\\n\""u8);

    private readonly IBufferWriter<byte> _output;
    private readonly NameEscapingScheme _escaping;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _used;

    // The family's escaped name.
    private byte[] _name = ArrayPool<byte>.Shared.Rent(256);
    private int _nameLength;
    private bool _nameIsLegacy;
    private MetricType _type;

    // What stands before the next label: '{' or ','; the braces are open if it is ','.
    private byte _separator;

    /// <summary>A writer to <paramref name="output"/>.</summary>
    public ExpositionWriter(IBufferWriter<byte> output, ExpositionFormat format)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(format);
        _output = output;
        Format = format;
        _escaping = format.Escaping;
    }

    /// <summary>What is written.</summary>
    public ExpositionFormat Format { get; }

    private bool IsOpenMetrics => Format.Kind != ExpositionKind.Text;

    private ReadOnlySpan<byte> Name => _name.AsSpan(0, _nameLength);

    /// <summary>
    /// The name under which OpenMetrics describes the family: a counter's without <c>_total</c>.
    /// </summary>
    private ReadOnlySpan<byte> DescribedName =>
        IsOpenMetrics && _type == MetricType.Counter && Name.EndsWith("_total"u8) ? Name[..^"_total"u8.Length] : Name;

    /// <summary>Writes what describes a family: <c># HELP</c>, <c># TYPE</c> and, in OpenMetrics, <c># UNIT</c>.</summary>
    /// <param name="name">The name in UTF-8, a counter's with its <c>_total</c>; not empty.</param>
    /// <param name="type">OpenMetrics shows a counter without <c>_total</c> as <c>unknown</c>, since it may not be called a counter.</param>
    /// <param name="help">Null for no line.</param>
    /// <param name="unit">Empty for no line.</param>
    public void BeginFamily(ReadOnlySpan<byte> name, MetricType type, string? help = null, string unit = "")
    {
        ArgumentOutOfRangeException.ThrowIfZero(name.Length, nameof(name));
        ArgumentNullException.ThrowIfNull(unit);
        ReadOnlySpan<byte> escaped = MetricName.Escape(name, _escaping);
        if (_name.Length < escaped.Length)
            _name = Exchange(_name, escaped.Length);
        escaped.CopyTo(_name);
        _nameLength = escaped.Length;
        _nameIsLegacy = MetricName.IsLegacy(escaped);
        _type = type;

        if (help is not null)
            Describe("# HELP "u8, help);
        Append("# TYPE "u8);
        AppendName(DescribedName, default);
        Append(TypeText());
        if (IsOpenMetrics && unit.Length > 0)
            Describe("# UNIT "u8, unit);
    }

    /// <summary>Begins a line of the family, named for it and <paramref name="suffix"/> (<c>_sum</c>, <c>_bucket</c> …).</summary>
    public void BeginSample(ReadOnlySpan<byte> suffix = default) => BeginSample(Name, suffix);

    /// <summary>Begins the line that dates the current metric's beginning; OpenMetrics only.</summary>
    public void BeginCreatedSample() => BeginSample(DescribedName, "_created"u8);

    /// <summary>Adds a label, in UTF-8; an empty value is written like any other.</summary>
    public void Label(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        BeginLabel(name);
        AppendEscaped(value, EscapedInQuotes);
        Append((byte)'"');
    }

    /// <summary>Adds a label.</summary>
    public void Label(ReadOnlySpan<byte> name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        BeginLabel(name);
        AppendEscaped(value, EscapedInQuotes);
        Append((byte)'"');
    }

    /// <summary>Adds a label whose value is a number: <c>le</c> or <c>quantile</c>.</summary>
    public void Label(ReadOnlySpan<byte> name, double value)
    {
        BeginLabel(name);
        AppendNumber(value);
        Append((byte)'"');
    }

    /// <summary>Ends the line with a value.</summary>
    /// <param name="value">Any double.</param>
    /// <param name="timestampMs">Milliseconds since 1970; null for none.</param>
    /// <param name="exemplar">Shown by OpenMetrics only.</param>
    public void EndSample(double value, long? timestampMs = null, Exemplar? exemplar = null)
    {
        EndLabels();
        AppendNumber(value);
        EndLine(timestampMs, exemplar);
    }

    /// <summary>Ends the line with a count, which OpenMetrics shows as a whole number and the text format like any value.</summary>
    /// <param name="count">The count.</param>
    /// <param name="timestampMs">Milliseconds since 1970; null for none.</param>
    /// <param name="exemplar">Shown by OpenMetrics only.</param>
    public void EndSample(ulong count, long? timestampMs = null, Exemplar? exemplar = null)
    {
        EndLabels();
        if (IsOpenMetrics)
            AppendInteger(count);
        else
            AppendNumber(count);
        EndLine(timestampMs, exemplar);
    }

    /// <summary>Ends the exposition (OpenMetrics: <c># EOF</c>) and hands all of it to the output.</summary>
    public void Complete()
    {
        if (IsOpenMetrics)
            Append("# EOF\n"u8);
        Flush();
    }

    /// <summary>Hands what was written to the output.</summary>
    public void Flush()
    {
        _output.Write(_buffer.AsSpan(0, _used));
        _used = 0;
    }

    /// <summary>Gives the buffers back; what was not flushed is lost.</summary>
    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        ArrayPool<byte>.Shared.Return(_name);
        _buffer = _name = [];
        _used = _nameLength = 0;
    }

    private static byte[] Exchange(byte[] rented, int minimumLength)
    {
        ArrayPool<byte>.Shared.Return(rented);
        return ArrayPool<byte>.Shared.Rent(minimumLength);
    }

    private ReadOnlySpan<byte> TypeText() => _type switch
    {
        MetricType.Counter => !IsOpenMetrics || Name.EndsWith("_total"u8) ? " counter\n"u8 : " unknown\n"u8,
        MetricType.Gauge => " gauge\n"u8,
        MetricType.Summary => " summary\n"u8,
        MetricType.Histogram => " histogram\n"u8,
        MetricType.GaugeHistogram => IsOpenMetrics ? " gaugehistogram\n"u8 : " histogram\n"u8,
        _ => IsOpenMetrics ? " unknown\n"u8 : " untyped\n"u8,
    };

    private void Describe(ReadOnlySpan<byte> keyword, string text)
    {
        Append(keyword);
        AppendName(DescribedName, default);
        Append((byte)' ');
        AppendEscaped(text, IsOpenMetrics ? EscapedInQuotes : Escaped);
        Append((byte)'\n');
    }

    private void BeginSample(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix)
    {
        _separator = (byte)'{';
        if (!_nameIsLegacy)
        {
            Append(_separator);
            _separator = (byte)',';
        }

        AppendName(name, suffix);
    }

    private void BeginLabel(ReadOnlySpan<byte> name)
    {
        Append(_separator);
        _separator = (byte)',';
        ReadOnlySpan<byte> escaped = MetricName.Escape(name, _escaping);
        if (MetricName.IsLegacy(escaped))
            Append(escaped);
        else
            AppendQuoted(escaped, default);
        Append("=\""u8);
    }

    private void EndLabels() => Append(_separator == (byte)',' ? "} "u8 : " "u8);

    private void EndLine(long? timestampMs, Exemplar? exemplar)
    {
        if (timestampMs is { } timestamp)
        {
            Append((byte)' ');
            if (IsOpenMetrics)
                AppendNumber(timestamp / 1000.0);
            else
                AppendInteger(timestamp);
        }

        if (IsOpenMetrics && exemplar is { Labels.Labels.Count: > 0 })
            AppendExemplar(exemplar);
        Append((byte)'\n');
    }

    private void AppendExemplar(Exemplar exemplar)
    {
        Append(" # "u8);
        _separator = (byte)'{';
        foreach ((string name, string value) in exemplar.Labels.Labels)
            Label(System.Text.Encoding.UTF8.GetBytes(name), value);
        EndLabels();
        AppendNumber(exemplar.Value);
        if (exemplar.Timestamp is { } timestamp)
        {
            Append((byte)' ');
            AppendNumber(SecondsSince1970(timestamp));
        }
    }

    /// <summary>As a double with all the precision that fits, rounded once.</summary>
    internal static double SecondsSince1970(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond;

    private void AppendName(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix)
    {
        if (_nameIsLegacy)
        {
            Append(name);
            Append(suffix);
        }
        else
        {
            AppendQuoted(name, suffix);
        }
    }

    private void AppendQuoted(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix)
    {
        Append((byte)'"');
        AppendEscaped(name, EscapedInQuotes);
        Append(suffix);
        Append((byte)'"');
    }

    private void AppendEscaped(string text, SearchValues<byte> special)
    {
        Reserve(System.Text.Encoding.UTF8.GetMaxByteCount(text.Length));
        int length = System.Text.Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_used));
        Span<byte> written = _buffer.AsSpan(_used, length);
        if (!written.ContainsAny(special))
        {
            _used += length;
            return;
        }

        byte[] raw = ArrayPool<byte>.Shared.Rent(length);
        written.CopyTo(raw);
        AppendEscaped(raw.AsSpan(0, length), special);
        ArrayPool<byte>.Shared.Return(raw);
    }

    private void AppendEscaped(ReadOnlySpan<byte> text, SearchValues<byte> special)
    {
        while (true)
        {
            int index = text.IndexOfAny(special);
            if (index < 0)
            {
                Append(text);
                return;
            }

            Append(text[..index]);
            Append(text[index] switch
            {
                (byte)'\n' => "\\n"u8,
                (byte)'"' => "\\\""u8,
                _ => "\\\\"u8,
            });
            text = text[(index + 1)..];
        }
    }

    /// <summary>Go's shortest form; zeros without sign; in OpenMetrics always recognisable as a float.</summary>
    private void AppendNumber(double value)
    {
        Reserve(GoNumber.MaxLength);
        Span<byte> destination = _buffer.AsSpan(_used);
        _used += IsOpenMetrics
            ? GoNumber.FormatLabelValue(value, destination)
            : GoNumber.FormatGeneral(value == 0 ? 0 : value, destination);
    }

    private void AppendInteger(long value)
    {
        Reserve(GoNumber.MaxLength);
        _used += GoNumber.FormatInteger(value, _buffer.AsSpan(_used));
    }

    private void AppendInteger(ulong value)
    {
        Reserve(GoNumber.MaxLength);
        _used += GoNumber.FormatUnsigned(value, _buffer.AsSpan(_used));
    }

    private void Append(byte value)
    {
        Reserve(1);
        _buffer[_used++] = value;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }

    /// <summary>Makes room for that many bytes after those in use.</summary>
    private void Reserve(int count)
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        if (_buffer.Length - _used >= count)
            return;
        Flush();
        if (_buffer.Length < count)
            _buffer = Exchange(_buffer, count);
    }
}
