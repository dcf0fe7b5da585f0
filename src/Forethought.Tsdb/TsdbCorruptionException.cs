using System.Diagnostics.CodeAnalysis;
using Forethought.Storage;

namespace Forethought.Tsdb;

/// <summary>
/// Stored bytes are not what the format says. The message names what was read; <see cref="File"/> and <see cref="Offset"/> say
/// where. Decoders that see bytes without knowing their file leave <see cref="File"/> empty and count the offset from the start
/// of those bytes.
/// </summary>
public sealed class TsdbCorruptionException : StorageException
{
    /// <summary>Makes an exception for bytes whose file is not known.</summary>
    /// <param name="message">What is wrong, in upstream's words where it has some.</param>
    /// <param name="offset">Bytes from the start of what was read.</param>
    /// <param name="expected">What the format demands there.</param>
    /// <param name="actual">What was found.</param>
    public TsdbCorruptionException(string message, long offset, string expected, string actual)
        : this(message, "", offset, expected, actual, null)
    {
    }

    private TsdbCorruptionException(string message, string file, long offset, string expected, string actual, Exception? inner)
        : base(message, inner!)
    {
        File = file;
        Offset = offset;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The damaged file; empty when it is not known.</summary>
    public string File { get; }

    /// <summary>Where the damage was noticed, in bytes from the start of the file, or of the bytes decoded.</summary>
    public long Offset { get; }

    /// <summary>What the format demands there.</summary>
    public string Expected { get; }

    /// <summary>What was found.</summary>
    public string Actual { get; }

    /// <summary>
    /// Whether the file merely ends inside a record, as after a crash in the middle of a write; nothing before it is harmed.
    /// </summary>
    public bool IsTornTail { get; init; }

    /// <summary>The number of the damaged log segment; -1 when the file is not one.</summary>
    public int Segment { get; init; } = -1;

    /// <summary>A log segment does not hold what its format demands; the text is upstream's.</summary>
    /// <param name="directory">The log's directory.</param>
    /// <param name="segment">The segment's number.</param>
    /// <param name="offset">Bytes from the start of the segment.</param>
    /// <param name="reason">Upstream's words for what is wrong.</param>
    /// <param name="expected">What the format demands there.</param>
    /// <param name="actual">What was found.</param>
    /// <param name="isTornTail">Whether the segment merely ends inside a record.</param>
    /// <param name="inner">The finding that led to this one, if any.</param>
    public static TsdbCorruptionException InSegment(
        string directory,
        int segment,
        long offset,
        string reason,
        string expected,
        string actual,
        bool isTornTail = false,
        Exception? inner = null)
    {
        string file = Path.Combine(directory, Wal.WalFormat.SegmentName(segment));
        return new TsdbCorruptionException($"corruption in segment {file} at {offset}: {reason}", file, offset, expected, actual, inner)
        {
            Segment = segment,
            IsTornTail = isTornTail,
        };
    }

    /// <summary>A file does not hold what its format demands.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="offset">Bytes from its start.</param>
    /// <param name="message">What is wrong, in upstream's words where it has some.</param>
    /// <param name="expected">What the format demands there.</param>
    /// <param name="actual">What was found.</param>
    internal static TsdbCorruptionException InFile(string file, long offset, string message, string expected, string actual) =>
        new(message, file, offset, expected, actual, null);

    /// <summary>This finding, made in bytes whose place is now known, with what was being done put before its message.</summary>
    /// <param name="file">The file that the bytes are from.</param>
    /// <param name="start">Where in the file they begin.</param>
    /// <param name="doing">What was being done.</param>
    internal TsdbCorruptionException Locate(string file, long start, string doing) =>
        new($"{doing}: {Message}", file, start + Offset, Expected, Actual, this);

    /// <summary>This finding with what was being done put before its message.</summary>
    internal TsdbCorruptionException While(string doing) => new($"{doing}: {Message}", File, Offset, Expected, Actual, this);

    /// <summary>Throws a finding; out of line so that decoders stay small.</summary>
    [DoesNotReturn]
    internal static void Throw(string message, long offset, string expected, string actual) =>
        throw new TsdbCorruptionException(message, offset, expected, actual);
}
