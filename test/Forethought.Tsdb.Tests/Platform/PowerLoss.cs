namespace Forethought.Tsdb.Tests.Platform;

/// <summary>
/// What a power loss leaves of what was not synced: of each file and directory nothing, everything, the first changes, or any of them
/// (POSIX promises data from the sync of the file on, names from the sync of the directory on, and that a rename is done or not). Of bytes
/// written any sectors may be there.
/// </summary>
internal sealed class PowerLoss(Random random)
{
    private const int SectorBytes = 512;

    /// <summary>Which of some changes survive, in order.</summary>
    public List<T> Survivors<T>(IReadOnlyList<T> changes)
    {
        int choice = random.Next(4);
        int first = choice switch { 0 => 0, 1 => changes.Count, _ => random.Next(changes.Count + 1) };
        return [.. changes.Where((_, i) => i < first || (choice == 3 && random.Next(2) == 0))];
    }

    /// <summary>The content of a file: what was on stable storage with some changes.</summary>
    public byte[] Apply(byte[] synced, IReadOnlyList<UnsyncedChange> changes)
    {
        byte[] content = synced;
        foreach (UnsyncedChange change in Survivors(changes))
            content = change.Bytes is null ? Resized(content, (int)change.Offset) : Apply(content, change.Offset, change.Bytes);
        return content;
    }

    private byte[] Apply(byte[] content, long offset, byte[] bytes)
    {
        byte[] result = Resized(content, (int)Math.Max(content.Length, offset + bytes.Length));
        bool isTorn = random.Next(3) == 0;
        for (long at = offset; at < offset + bytes.Length;)
        {
            long end = Math.Min((at / SectorBytes + 1) * SectorBytes, offset + bytes.Length);
            if (!isTorn || random.Next(3) > 0)
                bytes.AsSpan((int)(at - offset), (int)(end - at)).CopyTo(result.AsSpan((int)at));
            at = end;
        }

        return result;
    }

    private static byte[] Resized(byte[] content, int length)
    {
        byte[] resized = new byte[length];
        content.AsSpan(0, Math.Min(length, content.Length)).CopyTo(resized);
        return resized;
    }
}
