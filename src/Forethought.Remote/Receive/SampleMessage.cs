using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Forethought.Encoding;

namespace Forethought.Remote.Receive;

/// <summary>Takes a <c>prometheus.Sample</c> apart.</summary>
internal static class SampleMessage
{
    private const byte ValueTag = 1 << 3 | (byte)ProtobufWireType.Fixed64;
    private const byte TimeTag = 2 << 3 | (byte)ProtobufWireType.Varint;
    private const int TimeOffset = 2 + sizeof(double);

    /// <summary>Reads a sample; what is missing is 0. The time is in milliseconds since the Unix epoch.</summary>
    /// <exception cref="MalformedRequestException">The message is not well-formed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(ReadOnlySpan<byte> message, out long timeMs, out double value)
    {
        // Nearly every sample is a value that is not 0 and a time, in this order and nothing else.
        if (message.Length > TimeOffset && message[0] == ValueTag && message[TimeOffset - 1] == TimeTag
            && Varint.TryReadUvarint(message[TimeOffset..], out ulong time, out int length) && TimeOffset + length == message.Length)
        {
            timeMs = (long)time;
            value = BinaryPrimitives.ReadDoubleLittleEndian(message[1..]);
            return;
        }

        ReadFields(message, out timeMs, out value);
    }

    private static void ReadFields(ReadOnlySpan<byte> message, out long timeMs, out double value)
    {
        timeMs = 0;
        value = 0;
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out int field))
        {
            switch (field)
            {
                case 1:
                    value = reader.ReadDouble();
                    break;
                case 2:
                    timeMs = (long)reader.ReadVarint();
                    break;
                default:
                    reader.Skip();
                    break;
            }

            if (reader.Failure != ProtobufFailure.None)
                MalformedRequestException.Throw(reader, "Sample", field == 1 ? "Value" : "Timestamp");
        }

        if (reader.Failure != ProtobufFailure.None)
            MalformedRequestException.Throw(reader, "Sample", null);
    }
}
