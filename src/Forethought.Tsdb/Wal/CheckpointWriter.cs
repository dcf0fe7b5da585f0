using Forethought.Storage;
using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Wal;

/// <summary>
/// Writes checkpoints: what is still needed of the previous checkpoint and of the segments behind it. The directory appears under
/// its name only when it is whole and on stable storage. One at a time; appends go on meanwhile.
/// </summary>
/// <param name="log">The log's directory.</param>
/// <param name="options">How the log is written; the checkpoint is written likewise.</param>
/// <param name="writesStartTimes">Whether samples keep their start timestamps.</param>
internal sealed class CheckpointWriter(IStorageDirectory log, WalOptions options, bool writesStartTimes)
{
    /// <summary>Records are handed to the writer in portions of about this size.</summary>
    private const int PortionBytes = 1 << 20;

    /// <summary>Writes the checkpoint of the segments up to <paramref name="last"/>.</summary>
    /// <param name="first">The first segment that exists.</param>
    /// <param name="last">The last segment to be replaced; it must not be written any more.</param>
    /// <param name="keepsSeries">Whether a series is still needed; its answer must not change meanwhile.</param>
    /// <param name="minTimeMs">The first time still needed.</param>
    /// <param name="tombstonesFromMs">The first time of which deletions are still needed; the same if not given.</param>
    /// <exception cref="StorageException">Segments between the previous checkpoint and the first one are gone.</exception>
    /// <exception cref="TsdbCorruptionException">A segment is damaged; which series are lost is not known.</exception>
    /// <exception cref="IOException">A file could not be read or written.</exception>
    public CheckpointResult Write(
        int first, int last, Func<SeriesRef, bool> keepsSeries, long minTimeMs, long? tombstonesFromMs = null)
    {
        using var reader = new WalReader(RangesUpTo(first, last));
        WalCheckpoints.DeleteTemporary(log);
        string name = WalCheckpoints.NameOf(last);
        string temporary = name + WalCheckpoints.TemporarySuffix;
        var result = new CheckpointResult();
        try
        {
            IStorageDirectory directory = log.GetDirectory(temporary);
            using (var writer = new WalWriter(directory, options with { SyncsInBackground = false, Synced = null }))
            {
                Copy(reader, writer, new CheckpointFilter(
                    keepsSeries, minTimeMs, tombstonesFromMs ?? minTimeMs, writesStartTimes, result));
                writer.Close();
            }

            directory.Sync();
            log.Rename(temporary, name);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }

        log.Sync();
        return result;
    }

    private static void Copy(WalReader reader, WalWriter writer, CheckpointFilter filter)
    {
        var portion = new RecordBuffer();
        while (reader.TryRead(out ReadOnlySpan<byte> record))
        {
            try
            {
                filter.Copy(record, portion);
            }
            catch (TsdbCorruptionException e)
            {
                throw reader.Locate(e);
            }

            if (portion.Length < PortionBytes)
                continue;
            Write(writer, portion);
            portion.Clear();
        }

        filter.WriteMetadata(portion);
        Write(writer, portion);
    }

    private static void Write(WalWriter writer, RecordBuffer portion)
    {
        // Nothing waits to be written, so the portion is taken in any case.
        writer.TryStage(portion);
        writer.WriteStaged();
    }

    private WalRange[] RangesUpTo(int first, int last)
    {
        if (WalCheckpoints.FindLast(log) is not { } previous)
            return [new WalRange(log, first, last)];
        if (first > previous + 1)
            throw new StorageException($"unexpected gap to last checkpoint. expected:{previous + 1}, requested:{first}");
        return [new WalRange(WalCheckpoints.Open(log, previous)), new WalRange(log, previous + 1, last)];
    }

    /// <summary>What is left is deleted before the next checkpoint and at the next start.</summary>
    private void TryDelete(string temporary)
    {
        try
        {
            log.DeleteDirectory(temporary);
        }
        catch (IOException)
        {
            // The caller throws the failure that led here.
        }
    }
}
