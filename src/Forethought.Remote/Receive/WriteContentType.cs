namespace Forethought.Remote.Receive;

/// <summary>Which message a <c>Content-Type</c> announces, read as upstream reads it.</summary>
internal static class WriteContentType
{
    private const string MediaType = "application/x-protobuf";

    /// <summary>Finds out which message a request carries.</summary>
    /// <param name="contentType">The header; empty or without <c>proto</c> means version 1.</param>
    /// <param name="message">The message's name.</param>
    /// <returns>What is wrong with the header, null if nothing is.</returns>
    public static string? Parse(string contentType, out string message)
    {
        message = RemoteWriteReceiverOptions.Version1Message;
        contentType = contentType.Trim();
        if (contentType.Length is 0 || contentType == MediaType)
            return null;
        string[] parts = contentType.Split(';');
        if (parts[0] != MediaType)
            return $"expected {MediaType} as the first (media) part, got {contentType} content-type";
        foreach (string part in parts.AsSpan(1))
        {
            string[] pair = part.Split('=');
            if (pair.Length != 2)
            {
                return "as per https://www.rfc-editor.org/rfc/rfc9110#parameter expected parameters to be key-values, "
                    + $"got {part} in {contentType} content-type";
            }

            if (pair[0] == "proto")
            {
                message = pair[1];
                return IsKnown(message)
                    ? null
                    : $"got {contentType} content type; unknown type for remote write protobuf message {message}, "
                        + $"supported: {RemoteWriteReceiverOptions.Version1Message}, {RemoteWriteReceiverOptions.Version2Message}";
            }
        }

        return null;
    }

    private static bool IsKnown(string message) =>
        message is RemoteWriteReceiverOptions.Version1Message or RemoteWriteReceiverOptions.Version2Message;
}
