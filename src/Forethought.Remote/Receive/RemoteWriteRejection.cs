namespace Forethought.Remote.Receive;

/// <summary>Why a request is not stored.</summary>
/// <param name="StatusCode">The HTTP status: senders repeat a request after 5xx and give it up after 4xx.</param>
/// <param name="Text">The body of the answer, without the line's end.</param>
internal sealed record RemoteWriteRejection(int StatusCode, string Text);
