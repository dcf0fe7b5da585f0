using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Forethought.Encoding;

/// <summary>
/// Goes through the fields of one protobuf message without copying: strings and nested messages are slices of the source.
/// </summary>
/// <remarks>
/// <para>
/// Failures stick: after the first, every read returns 0 or nothing and <see cref="TryReadField"/> returns false, so that a message
/// can be taken apart without a check at each value, as long as <see cref="Failure"/> is looked at before the result is used.
/// </para>
/// <code>
/// var reader = new ProtobufReader(message);
/// while (reader.TryReadField(out int field))
/// {
///     switch (field)
///     {
///         case 1: name = reader.ReadBytes(); break;
///         case 2: value = reader.ReadDouble(); break;
///         default: reader.Skip(); break;
///     }
/// }
/// if (reader.Failure != ProtobufFailure.None) …
/// </code>
/// <para>
/// A nested message is read by a new reader over <see cref="ReadBytes"/>; how deep to go is the caller's to limit. No length is trusted:
/// nothing is allocated, and a slice never reaches past the source.
/// </para>
/// </remarks>
public ref struct ProtobufReader
{
    private const ulong MaxFieldNumber = (1 << 29) - 1;

    private ReadOnlySpan<byte> _rest;
    private readonly int _length;

    /// <summary>Starts at the first field of <paramref name="message"/>.</summary>
    public ProtobufReader(ReadOnlySpan<byte> message)
    {
        _rest = message;
        _length = message.Length;
    }

    /// <summary>Why reading stopped; <see cref="ProtobufFailure.None"/> if at the end of the message or still going.</summary>
    public ProtobufFailure Failure { get; private set; }

    /// <summary>The wire type of the field last found.</summary>
    public ProtobufWireType WireType { get; private set; }

    /// <summary>Bytes passed over so far; where the failure is, once there is one.</summary>
    public readonly int Position => _length - _rest.Length;

    /// <summary>Finds the next field. Its value must then be read, once, or skipped.</summary>
    /// <returns>False at the end of the message and after a failure.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadField(out int field)
    {
        // Field numbers up to 15, thus nearly all, have a tag of one byte.
        if (_rest.Length > 0 && Failure == ProtobufFailure.None && _rest[0] is >= 8 and < 0x80 && IsKnown(_rest[0] & 7))
        {
            field = _rest[0] >> 3;
            WireType = (ProtobufWireType)(_rest[0] & 7);
            _rest = _rest[1..];
            return true;
        }

        return TryReadUnusualField(out field);
    }

    /// <summary>Reads a <see cref="ProtobufWireType.Varint"/> field, as uint64, or as int64 or int32 by a cast.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadVarint() => Expect(ProtobufWireType.Varint) ? ReadRawVarint() : 0;

    /// <summary>Reads a zigzag-coded <see cref="ProtobufWireType.Varint"/> field: sint64, or sint32 by a cast.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadZigZag() => Varint.UnZigZag(ReadVarint());

    /// <summary>Reads a <see cref="ProtobufWireType.Fixed64"/> field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadFixed64() => Expect(ProtobufWireType.Fixed64) ? ReadRawFixed64() : 0;

    /// <summary>Reads a <see cref="ProtobufWireType.Fixed64"/> field that is a double; every bit of a NaN is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadFixed64());

    /// <summary>Reads a <see cref="ProtobufWireType.Fixed32"/> field.</summary>
    public uint ReadFixed32()
    {
        if (!Expect(ProtobufWireType.Fixed32))
            return 0;
        if (_rest.Length < sizeof(uint))
            return (uint)Fail(ProtobufFailure.Truncated);
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        _rest = _rest[sizeof(uint)..];
        return value;
    }

    /// <summary>
    /// Reads a <see cref="ProtobufWireType.LengthDelimited"/> field: the slice of the source that is its value, alive as long as that.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadBytes() => Expect(ProtobufWireType.LengthDelimited) ? ReadRawBytes() : default;

    /// <summary>
    /// Reads the next element of a packed field of varints, the reader being one over the field's <see cref="ReadBytes"/>.
    /// </summary>
    /// <returns>False at the end and after a failure.</returns>
    public bool TryReadPackedVarint(out ulong value)
    {
        bool more = _rest.Length > 0 && Failure == ProtobufFailure.None;
        value = more ? ReadRawVarint() : 0;
        return more && Failure == ProtobufFailure.None;
    }

    /// <summary>
    /// Reads the next element of a packed field of doubles, the reader being one over the field's <see cref="ReadBytes"/>.
    /// </summary>
    /// <returns>False at the end and after a failure.</returns>
    public bool TryReadPackedDouble(out double value)
    {
        bool more = _rest.Length > 0 && Failure == ProtobufFailure.None;
        value = more ? BitConverter.UInt64BitsToDouble(ReadRawFixed64()) : 0;
        return more && Failure == ProtobufFailure.None;
    }

    /// <summary>Passes over the value of the field last found, whatever its type.</summary>
    public void Skip()
    {
        switch (WireType)
        {
            case ProtobufWireType.Varint:
                ReadVarint();
                break;
            case ProtobufWireType.Fixed64:
                ReadFixed64();
                break;
            case ProtobufWireType.Fixed32:
                ReadFixed32();
                break;
            default:
                ReadBytes();
                break;
        }
    }

    private static bool IsKnown(int wireType) => (0b100111 >> wireType & 1) != 0;

    private bool TryReadUnusualField(out int field)
    {
        field = 0;
        if (_rest.Length == 0 || Failure != ProtobufFailure.None)
            return false;
        ulong tag = ReadRawVarint();
        if (Failure != ProtobufFailure.None)
            return false;
        if (tag >> 3 is 0 or > MaxFieldNumber)
            return Fail(ProtobufFailure.InvalidFieldNumber) != 0;
        if (!IsKnown((int)tag & 7))
            return Fail(ProtobufFailure.InvalidWireType) != 0;
        field = (int)(tag >> 3);
        WireType = (ProtobufWireType)(tag & 7);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Expect(ProtobufWireType wireType) => (WireType == wireType && Failure == ProtobufFailure.None) || FailMismatch();

    private bool FailMismatch() => Fail(ProtobufFailure.WireTypeMismatch) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong ReadRawVarint()
    {
        if (!Varint.TryReadUvarint(_rest, out ulong value, out int length))
            return Fail(length == 0 ? ProtobufFailure.Truncated : ProtobufFailure.VarintOverflow);
        _rest = _rest[length..];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong ReadRawFixed64()
    {
        if (_rest.Length < sizeof(ulong))
            return Fail(ProtobufFailure.Truncated);
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
        _rest = _rest[sizeof(ulong)..];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> ReadRawBytes()
    {
        ulong length = ReadRawVarint();
        if (length > (ulong)_rest.Length)
            length = Fail(ProtobufFailure.Truncated);
        ReadOnlySpan<byte> value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return value;
    }

    /// <summary>Keeps the first failure. Returns 0, the value of everything read afterwards.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong Fail(ProtobufFailure failure)
    {
        if (Failure == ProtobufFailure.None)
            Failure = failure;
        return 0;
    }
}
