using System.Diagnostics.CodeAnalysis;
using Forethought.Encoding;

namespace Forethought.Remote.Receive;

/// <summary>A received protobuf message is not well-formed. The texts are those of the decoder that upstream generates.</summary>
internal sealed class MalformedRequestException(string message) : Exception(message)
{
    /// <summary>Throws for the failure of a reader.</summary>
    /// <param name="reader">A reader that failed.</param>
    /// <param name="message">The message that it read.</param>
    /// <param name="field">The name of the field that it was at, null if it was between fields.</param>
    [DoesNotReturn]
    public static void Throw(in ProtobufReader reader, string message, string? field) =>
        throw new MalformedRequestException(reader.Failure switch
        {
            ProtobufFailure.Truncated => "unexpected EOF",
            ProtobufFailure.VarintOverflow => "proto: integer overflow",
            ProtobufFailure.WireTypeMismatch => $"proto: wrong wireType = {(int)reader.WireType} for field {field}",
            ProtobufFailure.InvalidFieldNumber => $"proto: {message}: illegal tag 0 (wire type 0)",
            _ => $"proto: {message}: illegal wireType",
        });
}
