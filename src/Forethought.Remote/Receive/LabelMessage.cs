using System.Runtime.CompilerServices;
using Forethought.Encoding;

namespace Forethought.Remote.Receive;

/// <summary>Takes a <c>prometheus.Label</c> apart. Name and value are slices of the message.</summary>
internal static class LabelMessage
{
    private const byte NameTag = 1 << 3 | (byte)ProtobufWireType.LengthDelimited;
    private const byte ValueTag = 2 << 3 | (byte)ProtobufWireType.LengthDelimited;

    /// <summary>Reads a label; what is missing is empty.</summary>
    /// <exception cref="MalformedRequestException">The message is not well-formed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        // Nearly every label is a name and a value with lengths of one byte, in this order and nothing else.
        if (message.Length is >= 4 and < 0x80 && message[0] == NameTag)
        {
            int nameLength = message[1];
            int valueLength = message.Length - 4 - nameLength;
            if (valueLength >= 0 && message[2 + nameLength] == ValueTag && message[3 + nameLength] == valueLength)
            {
                name = message.Slice(2, nameLength);
                value = message[(4 + nameLength)..];
                return;
            }
        }

        ReadFields(message, out name, out value);
    }

    private static void ReadFields(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out int field))
        {
            switch (field)
            {
                case 1:
                    name = reader.ReadBytes();
                    break;
                case 2:
                    value = reader.ReadBytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }

            if (reader.Failure != ProtobufFailure.None)
                MalformedRequestException.Throw(reader, "Label", field == 1 ? "Name" : "Value");
        }

        if (reader.Failure != ProtobufFailure.None)
            MalformedRequestException.Throw(reader, "Label", null);
    }
}
