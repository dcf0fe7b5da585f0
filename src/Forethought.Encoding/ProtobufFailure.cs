namespace Forethought.Encoding;

/// <summary>Why a <see cref="ProtobufReader"/> stopped.</summary>
public enum ProtobufFailure
{
    /// <summary>It did not: the message is well-formed as far as it was read.</summary>
    None,

    /// <summary>The message ends inside a tag or a value, or a length points past the end.</summary>
    Truncated,

    /// <summary>A varint does not fit 64 bits.</summary>
    VarintOverflow,

    /// <summary>A tag has field number 0 or one above 2^29 - 1.</summary>
    InvalidFieldNumber,

    /// <summary>A tag has wire type 6 or 7, or opens or closes a group, which no message here uses.</summary>
    InvalidWireType,

    /// <summary>A known field was found with another wire type than its own.</summary>
    WireTypeMismatch,
}
