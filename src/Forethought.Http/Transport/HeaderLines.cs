using System.Diagnostics.CodeAnalysis;

namespace Forethought.Http.Transport;

/// <summary>
/// How several values of one header become a line each, as Prometheus sends them: the runtime joins values with commas, but it lets
/// us choose the encoding of a header's value. So the values travel as one text with <see cref="Separator"/> between them, and this
/// encoding writes a line break and the header's name in its place. For HTTP/1.1 only. Values are UTF-8.
/// </summary>
internal sealed class HeaderLines(string name) : System.Text.Encoding
{
    /// <summary>Stands between values. A noncharacter, which <see cref="IsValidValue"/> keeps out of them.</summary>
    internal const char Separator = '\uFFFF';

    private readonly string _lineBreak = $"\r\n{name}: ";

    /// <summary>Whether a value has no control characters but tabs: nothing that could end its line.</summary>
    internal static bool IsValidValue(string value)
    {
        foreach (char c in value)
        {
            if ((c < ' ' && c != '\t') || c is '\x7f' or Separator)
            {
                return false;
            }
        }

        return true;
    }

    public override int GetByteCount(char[] chars, int index, int count) => UTF8.GetByteCount(Lines(chars, index, count));

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        UTF8.GetBytes(Lines(chars, charIndex, charCount), bytes.AsSpan(byteIndex));

    public override int GetMaxByteCount(int charCount) => UTF8.GetMaxByteCount(charCount * _lineBreak.Length);

    [ExcludeFromCodeCoverage(Justification = "Requests are only written.")]
    public override int GetCharCount(byte[] bytes, int index, int count) => throw new NotSupportedException();

    [ExcludeFromCodeCoverage(Justification = "Requests are only written.")]
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) => throw new NotSupportedException();

    [ExcludeFromCodeCoverage(Justification = "Requests are only written.")]
    public override int GetMaxCharCount(int byteCount) => throw new NotSupportedException();

    private string Lines(char[] chars, int index, int count) =>
        new string(chars, index, count).Replace(Separator.ToString(), _lineBreak, StringComparison.Ordinal);
}
