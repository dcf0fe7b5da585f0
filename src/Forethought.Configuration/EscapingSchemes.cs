namespace Forethought.Configuration;

/// <summary>How a target is asked to write names that are not legacy names (<c>metric_name_escaping_scheme</c>).</summary>
public static class EscapingSchemes
{
    /// <summary>Names are written as they are.</summary>
    public const string AllowUtf8 = "allow-utf-8";

    /// <summary>Forbidden characters become underscores.</summary>
    public const string Underscores = "underscores";

    /// <summary>Dots become <c>_dot_</c>, underscores are doubled, others become underscores.</summary>
    public const string Dots = "dots";

    /// <summary>Names are prefixed with <c>U__</c> and forbidden characters written as hexadecimal code points.</summary>
    public const string Values = "values";

    internal static bool IsKnown(string scheme) => scheme is AllowUtf8 or Underscores or Dots or Values;
}
