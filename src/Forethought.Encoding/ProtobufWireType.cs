namespace Forethought.Encoding;

/// <summary>How a protobuf field's value is laid out; the low three bits of a tag. The two group types (3, 4) are refused.</summary>
public enum ProtobufWireType
{
    /// <summary>A <see cref="Varint"/>: integers, zigzag integers, booleans, enumerations.</summary>
    Varint = 0,

    /// <summary>Eight bytes, little-endian: double, fixed64, sfixed64.</summary>
    Fixed64 = 1,

    /// <summary>A length and that many bytes: strings, bytes, messages, packed fields.</summary>
    LengthDelimited = 2,

    /// <summary>Four bytes, little-endian: float, fixed32, sfixed32.</summary>
    Fixed32 = 5,
}
