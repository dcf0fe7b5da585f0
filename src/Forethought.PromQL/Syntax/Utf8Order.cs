namespace Forethought.PromQL.Syntax;

/// <summary>The order of the UTF-8 bytes of strings, which differs from that of UTF-16 units where surrogates meet U+E000 and above.</summary>
internal static class Utf8Order
{
    /// <summary>Compares two strings by their UTF-8 bytes.</summary>
    internal static int Compare(string? left, string? right) =>
        StringUnquoting.ToBytes(left ?? "").AsSpan().SequenceCompareTo(StringUnquoting.ToBytes(right ?? ""));
}
