using GoNumber = Forethought.Encoding.GoNumber;

namespace Forethought.PromQL.Syntax;

/// <summary>Numbers as text, with the fewest digits that read back as the same number.</summary>
internal static class NumberText
{
    /// <summary>The number without exponent (Go's format 'f'): 5000, 0.005, +Inf, NaN.</summary>
    internal static string Plain(double value)
    {
        Span<byte> text = stackalloc byte[GoNumber.MaxFixedLength];
        return System.Text.Encoding.ASCII.GetString(text[..GoNumber.FormatFixed(value, text)]);
    }

    /// <summary>The number in Go's format 'g': with exponent below 1e-4 and from 1e+06 on.</summary>
    internal static string General(double value)
    {
        Span<byte> text = stackalloc byte[GoNumber.MaxLength];
        return System.Text.Encoding.ASCII.GetString(text[..GoNumber.FormatGeneral(value, text)]);
    }
}
