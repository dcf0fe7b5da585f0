using System.Buffers;
using System.Text;

namespace Forethought.Configuration.Yaml;

/// <summary>The checks of libyaml's reader: valid UTF-8 and printable characters.</summary>
internal static class YamlInput
{
    /// <summary>What is wrong with the bytes, in libyaml's words; <see langword="null"/> when nothing is.</summary>
    internal static string? FindProblem(ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(utf8, out Rune rune, out int length);
            if (status != OperationStatus.Done)
            {
                return utf8[0] is < 0xC2 or > 0xF4 ? "invalid leading UTF-8 octet"
                    : status == OperationStatus.NeedMoreData ? "incomplete UTF-8 octet sequence"
                    : "invalid trailing UTF-8 octet";
            }

            if (!IsAllowed(rune.Value))
            {
                return "control characters are not allowed";
            }

            utf8 = utf8[length..];
        }

        return null;
    }

    private static bool IsAllowed(int c) =>
        c is '\t' or '\n' or '\r' or (>= 0x20 and <= 0x7E) or 0x85 or (>= 0xA0 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD) or >= 0x10000;
}
