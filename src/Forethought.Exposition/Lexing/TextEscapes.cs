namespace Forethought.Exposition;

/// <summary>The escapes of label values and help texts: <c>\\</c>, <c>\n</c> and, where quotes need it, <c>\"</c>.</summary>
internal static class TextEscapes
{
    /// <summary>Undoes the escapes; a backslash before any other byte stays. The result is no longer than the text.</summary>
    /// <returns>The bytes written.</returns>
    public static int Undo(ReadOnlySpan<byte> text, Span<byte> destination, bool quotes)
    {
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte c = text[i];
            if (c == '\\' && i + 1 < text.Length)
            {
                byte escaped = text[i + 1];
                if (escaped is (byte)'\\' or (byte)'n' || (quotes && escaped == '"'))
                {
                    c = escaped == 'n' ? (byte)'\n' : escaped;
                    i++;
                }
            }

            destination[length++] = c;
        }

        return length;
    }
}
