using System.Buffers;
using Forethought.Encoding;

namespace Forethought.Web;

/// <summary>
/// Writes an answer as UTF-8 JSON into a pooled buffer that is passed on to a stream whenever enough has gathered. The caller
/// places the punctuation; texts and numbers are written here, in the forms of Prometheus' API. Not thread-safe.
/// </summary>
public sealed class JsonOutput : IDisposable
{
    private const int FlushAt = 48 * 1024;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create(EscapedBytes(html: false));
    private static readonly SearchValues<byte> HtmlEscaped = SearchValues.Create(EscapedBytes(html: true));

    private readonly Stream _stream;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _length;

    /// <summary>Makes a writer onto a stream, which it does not close.</summary>
    public JsonOutput(Stream stream) => _stream = stream;

    /// <summary>The bytes that have gathered since the last flush.</summary>
    public int Length => _length;

    /// <summary>Whether anything was passed on yet.</summary>
    public bool HasFlushed { get; private set; }

    /// <summary>Writes bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(utf8.Length));
        _length += utf8.Length;
    }

    /// <summary>Writes one character of punctuation.</summary>
    public void Raw(char ascii)
    {
        Reserve(1)[0] = (byte)ascii;
        _length++;
    }

    /// <summary>
    /// Writes a text in quotes. As upstream, the labels of series leave <c>&lt; &gt; &amp;</c> as they are and all other texts escape
    /// them; invalid UTF-8 becomes U+FFFD in the latter.
    /// </summary>
    public void Text(ReadOnlySpan<byte> utf8, bool escapeHtml = false)
    {
        SearchValues<byte> escaped = escapeHtml ? HtmlEscaped : Escaped;
        Raw('"');
        while (!utf8.IsEmpty)
        {
            int plain = utf8.IndexOfAny(escaped);
            if (plain < 0)
                plain = utf8.Length;
            Raw(utf8[..plain]);
            utf8 = utf8[plain..];
            if (!utf8.IsEmpty)
                utf8 = utf8[Escape(utf8)..];
        }

        Raw('"');
    }

    /// <summary>Writes a text in quotes, <c>&lt; &gt; &amp;</c> escaped.</summary>
    public void Text(string text)
    {
        int size = System.Text.Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(size);
        int length = System.Text.Encoding.UTF8.GetBytes(text, utf8);
        Text(utf8.AsSpan(0, length), escapeHtml: true);
        ArrayPool<byte>.Shared.Return(utf8);
    }

    /// <summary>Writes a list of texts.</summary>
    public void Texts(IReadOnlyList<string> texts)
    {
        Raw('[');
        for (int i = 0; i < texts.Count; i++)
        {
            if (i > 0)
                Raw(',');
            Text(texts[i]);
        }

        Raw(']');
    }

    /// <summary>Writes a time as seconds, with three decimals only where there are milliseconds.</summary>
    public void Timestamp(long timestampMs) => _length += GoNumber.FormatTimestamp(timestampMs, Reserve(GoNumber.MaxLength));

    /// <summary>Writes a sample's value in quotes.</summary>
    public void Value(double value)
    {
        Span<byte> free = Reserve(GoNumber.MaxLength + 2);
        free[0] = (byte)'"';
        int length = GoNumber.FormatSampleValue(value, free[1..]);
        free[length + 1] = (byte)'"';
        _length += length + 2;
    }

    /// <summary>Writes a scalar result's value in quotes, never with an exponent.</summary>
    public void FixedValue(double value)
    {
        Raw('"');
        _length += GoNumber.FormatFixed(value, Reserve(GoNumber.MaxFixedLength));
        Raw('"');
    }

    /// <summary>Writes a time as seconds, with as few decimals as it takes: the form of scalars and strings.</summary>
    public void ShortTimestamp(long timestampMs) => Number(timestampMs / 1000.0);

    /// <summary>Writes a truth value.</summary>
    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>Writes a number that is not a sample, as Go's encoder does.</summary>
    public void Number(double value) => _length += GoNumber.FormatSampleValue(value, Reserve(GoNumber.MaxLength));

    /// <summary>Writes a whole number.</summary>
    public void Number(long value) => _length += GoNumber.FormatInteger(value, Reserve(GoNumber.MaxLength));

    /// <summary>Passes what has gathered to the stream if it is much; call it between the parts of a long answer.</summary>
    public ValueTask FlushIfFullAsync(CancellationToken cancellationToken) =>
        _length < FlushAt ? ValueTask.CompletedTask : FlushAsync(cancellationToken);

    /// <summary>Passes what has gathered to the stream.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        HasFlushed = true;
        await _stream.WriteAsync(_buffer.AsMemory(0, _length), cancellationToken).ConfigureAwait(false);
        _length = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private static byte[] EscapedBytes(bool html)
    {
        var bytes = new List<byte> { (byte)'"', (byte)'\\' };
        for (byte c = 0; c < 0x20; c++)
            bytes.Add(c);
        if (html)
        {
            bytes.AddRange("<>&"u8);
            for (int c = 0x80; c <= 0xFF; c++)
                bytes.Add((byte)c);
        }

        return [.. bytes];
    }

    // Writes the first character of a text in its escaped form and returns how many bytes of the text that took.
    private int Escape(ReadOnlySpan<byte> utf8)
    {
        byte c = utf8[0];
        if (c >= 0x80)
            return CopyRune(utf8);
        switch (c)
        {
            case (byte)'"': Raw("\\\""u8); break;
            case (byte)'\\': Raw("\\\\"u8); break;
            case (byte)'\n': Raw("\\n"u8); break;
            case (byte)'\r': Raw("\\r"u8); break;
            case (byte)'\t': Raw("\\t"u8); break;
            default:
                Raw("\\u00"u8);
                Raw(HexDigit(c >> 4));
                Raw(HexDigit(c & 15));
                break;
        }

        return 1;
    }

    private int CopyRune(ReadOnlySpan<byte> utf8)
    {
        OperationStatus status = System.Text.Rune.DecodeFromUtf8(utf8, out System.Text.Rune rune, out int length);
        if (status != OperationStatus.Done)
        {
            Raw("\\ufffd"u8);
            return 1;
        }

        if (rune.Value is 0x2028 or 0x2029)
            Raw(rune.Value == 0x2028 ? "\\u2028"u8 : "\\u2029"u8);
        else
            Raw(utf8[..length]);
        return length;
    }

    private static char HexDigit(int value) => "0123456789abcdef"[value];

    private Span<byte> Reserve(int size)
    {
        if (_buffer.Length - _length < size)
        {
            byte[] grown = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _length + size));
            _buffer.AsSpan(0, _length).CopyTo(grown);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = grown;
        }

        return _buffer.AsSpan(_length);
    }
}
