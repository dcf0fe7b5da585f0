namespace Forethought.Remote.Receive;

/// <summary>Where a nested message lies in the request, in bytes.</summary>
internal readonly record struct MessageSlice(int Start, int Length)
{
    /// <summary>The message's bytes.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> request) => request.Slice(Start, Length);
}
