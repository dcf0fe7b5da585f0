using System.Text.Unicode;
using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Remote.Receive;

/// <summary>Takes a <c>prometheus.Exemplar</c> apart.</summary>
internal static class ExemplarMessage
{
    /// <summary>Reads an exemplar.</summary>
    /// <param name="message">The message.</param>
    /// <param name="labels">Scratch room for its labels.</param>
    /// <param name="exemplar">The exemplar; time 0 means that it has none.</param>
    /// <returns>False if its labels are no label set: an empty name, one that occurs twice, text that is not UTF-8.</returns>
    /// <exception cref="MalformedRequestException">The message is not well-formed.</exception>
    public static bool TryRead(ReadOnlySpan<byte> message, LabelsBuilder labels, out Exemplar exemplar)
    {
        bool isValid = true;
        double value = 0;
        long timeMs = 0;
        labels.Clear();
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out int field))
        {
            switch (field)
            {
                case 1:
                    LabelMessage.Read(reader.ReadBytes(), out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> text);
                    isValid = isValid && MetricNames.IsUtf8Name(name) && Utf8.IsValid(text)
                        && Math.Max(name.Length, text.Length) <= PackedLabels.MaxStringLength;
                    labels.Append(name, text);
                    break;
                case 2:
                    value = reader.ReadDouble();
                    break;
                case 3:
                    timeMs = (long)reader.ReadVarint();
                    break;
                default:
                    reader.Skip();
                    break;
            }

            if (reader.Failure != ProtobufFailure.None)
                MalformedRequestException.Throw(reader, "Exemplar", field switch { 1 => "Labels", 2 => "Value", _ => "Timestamp" });
        }

        if (reader.Failure != ProtobufFailure.None)
            MalformedRequestException.Throw(reader, "Exemplar", null);
        isValid = isValid && !labels.HasDuplicateNames(out _);
        exemplar = isValid ? new Exemplar(labels.ToLabels(), value, timeMs, timeMs != 0) : default;
        return isValid;
    }
}
