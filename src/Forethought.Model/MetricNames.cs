using System.Buffers;
using System.Text.Unicode;

namespace Forethought.Model;

/// <summary>Which names and values are valid, under the UTF-8 scheme (the default) and the legacy one.</summary>
public static class MetricNames
{
    private static readonly SearchValues<byte> LegacyLabelBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    private static readonly SearchValues<byte> LegacyMetricBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:"u8);

    /// <summary>Whether a name matches <c>[a-zA-Z_][a-zA-Z0-9_]*</c>.</summary>
    public static bool IsLegacyLabelName(ReadOnlySpan<byte> name) =>
        !name.IsEmpty && !char.IsAsciiDigit((char)name[0]) && !name.ContainsAnyExcept(LegacyLabelBytes);

    /// <summary>Whether a name matches <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>.</summary>
    public static bool IsLegacyMetricName(ReadOnlySpan<byte> name) =>
        !name.IsEmpty && !char.IsAsciiDigit((char)name[0]) && !name.ContainsAnyExcept(LegacyMetricBytes);

    /// <summary>Whether a name is valid under the UTF-8 scheme: not empty and valid UTF-8.</summary>
    public static bool IsUtf8Name(ReadOnlySpan<byte> name) => !name.IsEmpty && Utf8.IsValid(name);

    /// <summary>Whether a label name is valid under a scheme.</summary>
    public static bool IsValidLabelName(ReadOnlySpan<byte> name, NameValidation validation) =>
        validation == NameValidation.Legacy ? IsLegacyLabelName(name) : IsUtf8Name(name);

    /// <summary>Whether a metric name is valid under a scheme.</summary>
    public static bool IsValidMetricName(ReadOnlySpan<byte> name, NameValidation validation) =>
        validation == NameValidation.Legacy ? IsLegacyMetricName(name) : IsUtf8Name(name);
}
