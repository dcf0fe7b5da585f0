namespace Forethought.Flags;

/// <summary>How a flag's text is read.</summary>
public enum FlagKind
{
    /// <summary>Present or absent; <c>--no-name</c> turns it off.</summary>
    Bool,

    /// <summary>Any text.</summary>
    String,

    /// <summary>Texts; the flag may be repeated.</summary>
    Strings,

    /// <summary>A whole number, also in the form <c>5e7</c>.</summary>
    Integer,

    /// <summary>A number.</summary>
    Float,

    /// <summary>A Prometheus duration.</summary>
    Duration,

    /// <summary>A Go duration (<c>2ms</c>).</summary>
    GoDuration,

    /// <summary>Bytes with a unit, in powers of two (<c>512MB</c>).</summary>
    Bytes,

    /// <summary>One of <see cref="FlagDefinition.Choices"/>.</summary>
    Enum,
}
