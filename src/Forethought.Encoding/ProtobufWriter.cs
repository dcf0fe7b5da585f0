using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Forethought.Encoding;

/// <summary>
/// Writes protobuf messages into one growing buffer from the shared pool. Fields are written as given, zero values included: leaving
/// defaults out is the caller's part. Growing past 2 GiB throws <see cref="InvalidOperationException"/>. Not thread-safe; reuse it
/// through <see cref="Clear"/>, and dispose of it once.
/// </summary>
public sealed class ProtobufWriter : IDisposable
{
    private const int MaxTagLength = 5;

    private byte[] _buffer;
    private int _length;
    private int _openMessages;

    /// <summary>An empty writer with room for <paramref name="initialCapacity"/> bytes before it grows.</summary>
    public ProtobufWriter(int initialCapacity = 4096) => _buffer = ArrayPool<byte>.Shared.Rent(initialCapacity);

    /// <summary>The bytes written so far.</summary>
    public int Length => _length;

    /// <summary>What was written, valid until the next write, <see cref="Clear"/> or <see cref="Dispose"/>.</summary>
    /// <exception cref="InvalidOperationException">A nested message is still open.</exception>
    public ReadOnlySpan<byte> WrittenSpan => WrittenMemory.Span;

    /// <summary>As <see cref="WrittenSpan"/>, for asynchronous writing.</summary>
    /// <exception cref="InvalidOperationException">A nested message is still open.</exception>
    public ReadOnlyMemory<byte> WrittenMemory
    {
        get
        {
            if (_openMessages != 0)
                throw new InvalidOperationException("a nested message is still open");
            return _buffer.AsMemory(0, _length);
        }
    }

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Clear()
    {
        _length = 0;
        _openMessages = 0;
    }

    /// <summary>Writes a varint field: uint64, int64, int32 (sign-extended), boolean or enumeration.</summary>
    public void WriteVarint(int field, ulong value)
    {
        Span<byte> room = Reserve(MaxTagLength + Varint.MaxLength);
        int tag = WriteTag(room, field, ProtobufWireType.Varint);
        _length += tag + Varint.WriteUvarint(room[tag..], value);
    }

    /// <summary>Writes a zigzag-coded varint field: sint64 or sint32.</summary>
    public void WriteZigZag(int field, long value) => WriteVarint(field, Varint.ZigZag(value));

    /// <summary>Writes a fixed64 field.</summary>
    public void WriteFixed64(int field, ulong value)
    {
        Span<byte> room = Reserve(MaxTagLength + sizeof(ulong));
        int tag = WriteTag(room, field, ProtobufWireType.Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(room[tag..], value);
        _length += tag + sizeof(ulong);
    }

    /// <summary>Writes a double field; every bit of a NaN is kept.</summary>
    public void WriteDouble(int field, double value) => WriteFixed64(field, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Writes a fixed32 field.</summary>
    public void WriteFixed32(int field, uint value)
    {
        Span<byte> room = Reserve(MaxTagLength + sizeof(uint));
        int tag = WriteTag(room, field, ProtobufWireType.Fixed32);
        BinaryPrimitives.WriteUInt32LittleEndian(room[tag..], value);
        _length += tag + sizeof(uint);
    }

    /// <summary>Writes a bytes or string (UTF-8) field.</summary>
    public void WriteBytes(int field, ReadOnlySpan<byte> value)
    {
        Span<byte> room = Reserve(checked(MaxTagLength + Varint.MaxLength + value.Length));
        int written = WriteTag(room, field, ProtobufWireType.LengthDelimited);
        written += Varint.WriteUvarint(room[written..], (ulong)value.Length);
        value.CopyTo(room[written..]);
        _length += written + value.Length;
    }

    /// <summary>Writes a packed field of doubles; nothing if there are none.</summary>
    public void WritePackedDoubles(int field, ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return;
        int start = StartMessage(field);
        Span<byte> room = Reserve(checked(values.Length * sizeof(double)));
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(room[(i * sizeof(double))..], values[i]);
        _length += values.Length * sizeof(double);
        EndMessage(start);
    }

    /// <summary>
    /// Opens a length-prefixed field, a nested message or a packed field; everything written until <see cref="EndMessage"/> goes
    /// into it. They nest.
    /// </summary>
    /// <returns>What <see cref="EndMessage"/> needs to close it.</returns>
    public int StartMessage(int field)
    {
        // One byte is kept for the length; a message of 128 bytes and more is moved when it is closed.
        Span<byte> room = Reserve(MaxTagLength + 1);
        _length += WriteTag(room, field, ProtobufWireType.LengthDelimited) + 1;
        _openMessages++;
        return _length;
    }

    /// <summary>Closes the innermost open field, which <see cref="StartMessage"/> gave <paramref name="start"/> for.</summary>
    /// <exception cref="InvalidOperationException">No field is open.</exception>
    public void EndMessage(int start)
    {
        if (_openMessages == 0)
            throw new InvalidOperationException("no nested message is open");
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)_length);
        _openMessages--;
        int length = _length - start;
        int extra = Varint.UvarintLength((ulong)length) - 1;
        if (extra > 0)
        {
            Reserve(extra);
            _buffer.AsSpan(start, length).CopyTo(_buffer.AsSpan(start + extra));
            _length += extra;
        }

        Varint.WriteUvarint(_buffer.AsSpan(start - 1), (ulong)length);
    }

    /// <summary>Gives the buffer back. The writer must not be used afterwards.</summary>
    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteTag(Span<byte> room, int field, ProtobufWireType wireType) =>
        Varint.WriteUvarint(room, (uint)field << 3 | (uint)wireType);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
            Grow(count);
        return _buffer.AsSpan(_length);
    }

    private void Grow(int count)
    {
        long needed = (long)_length + count;
        if (needed > Array.MaxLength)
            throw new InvalidOperationException("a protobuf message would exceed 2 GiB");
        int capacity = (int)Math.Min(Math.Max(BitOperations.RoundUpToPowerOf2((ulong)needed), 256), (ulong)Array.MaxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent(capacity);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
