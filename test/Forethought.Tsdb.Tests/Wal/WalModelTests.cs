using Forethought.Model;
using Forethought.Storage;
using Forethought.Tsdb.Tests.Platform;
using Forethought.Tsdb.Wal;
using Xunit;

namespace Forethought.Tsdb.Tests.Wal;

/// <summary>
/// Random histories of a log (commits, cuts, failures, kills, repairs, reopenings, checkpoints) against a model that is a list: the
/// samples that were acknowledged and not dropped by a checkpoint.
/// </summary>
public sealed class WalModelTests : IDisposable
{
    private const int Steps = 150;
    private const int SeriesCount = 6;

    private readonly MemoryDisk _disk = new();
    private readonly RecordBuffer _commit = new();
    private readonly List<(ulong Series, long Time)> _model = [];
    private WalWriter? _writer;
    private long _time;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 25)];

    public void Dispose() => _writer?.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_log_is_the_list_of_what_was_acknowledged(int seed)
    {
        var random = new Random(seed);
        Open();
        for (int step = 0; step < Steps; step++)
        {
            Act(random);
            if (step % 10 == 0)
                AssertHoldsModel($"seed {seed}, step {step}");
        }

        _writer!.Close();
        AssertHoldsModel($"seed {seed}, the end");
    }

    private void Act(Random random)
    {
        switch (random.Next(12))
        {
            case 0:
                _writer!.CutSegment();
                break;
            case 1:
                _writer!.Close();
                Open();
                break;
            case 2:
                Kill(random);
                break;
            case 3:
                FailToCommit(random);
                break;
            case 4:
                TakeCheckpoint(random);
                break;
            default:
                Commit(random, isFailing: false);
                break;
        }
    }

    private void Open()
    {
        WalCheckpoints.DeleteTemporary(_disk.Root);
        _writer = new WalWriter(_disk.Root, WalFixture.Options(pages: 1, WalCompression.Snappy));
    }

    private void Commit(Random random, bool isFailing)
    {
        int count = 1 + random.Next(random.Next(8) == 0 ? 1500 : 40);
        var samples = new (ulong Series, long Time)[count];
        for (int i = 0; i < count; i++)
            samples[i] = ((ulong)random.Next(1, SeriesCount + 1), ++_time);
        _commit.Clear();
        SampleRecords.Encode(
            _commit,
            [.. samples.Select(sample => new SeriesRef(sample.Series))],
            [.. samples.Select(sample => sample.Time)],
            [.. samples.Select(_ => random.NextDouble())]);
        try
        {
            Assert.True(_writer!.TryStage(_commit));
            _writer.WriteStaged();
            _model.AddRange(samples);
        }
        catch (IOException)
        {
            Assert.True(isFailing);
        }
    }

    private void FailToCommit(Random random)
    {
        int left = random.Next(3);
        int done = random.Next(500);
        _disk.Fault = (_, _) => left-- == 0 ? new DiskFault(BytesDone: done) : null;
        Commit(random, isFailing: true);
        _disk.Fault = null;
    }

    /// <summary>The process dies in the middle of a write, or just after it.</summary>
    private void Kill(Random random)
    {
        int done = random.Next(200);
        _disk.Fault = (_, operation) => operation.Kind == DiskOperationKind.Write ? new DiskFault(done, Crashes: true) : null;
        Commit(random, isFailing: true);
        _writer!.Dispose();
        _disk.Restart(losesUnsynced: false);
        if (WalFixture.ReadAll(_disk.Root).Damage is { } damage)
        {
            Assert.True(damage.IsTornTail, damage.Message);
            WalRepair.Repair(_disk.Root, damage);
        }

        // The write may have been done to its end without anyone knowing; such a commit counts.
        List<(ulong, long)> held = Read();
        _model.AddRange(held.Skip(_model.Count).ToArray());
        Open();
    }

    private void TakeCheckpoint(Random random)
    {
        _writer!.CutSegment();
        IReadOnlyList<int> segments = WalSegments.List(_disk.Root);
        if (WalTruncation.LastToReplace(segments[0], segments[^1]) is not { } last)
            return;
        long minTime = _time - random.Next(2000);
        var replaced = new HashSet<(ulong, long)>(Read(upTo: last));
        var writer = new CheckpointWriter(_disk.Root, WalFixture.Options(pages: 2, WalCompression.Snappy), writesStartTimes: false);
        int left = random.Next(3) == 0 ? random.Next(6) : int.MaxValue;
        _disk.Fault = (_, _) => left-- == 0 ? new DiskFault() : null;
        try
        {
            writer.Write(segments[0], last, _ => true, minTime);
        }
        catch (IOException)
        {
            // Before the rename nothing has changed; after it the checkpoint stands for the segments, which are still there.
            _disk.Fault = null;
            if (WalCheckpoints.FindLast(_disk.Root) != last)
                return;
        }

        _disk.Fault = null;
        WalSegments.DeleteBefore(_disk.Root, last + 1);
        WalCheckpoints.DeleteBefore(_disk.Root, last);
        _model.RemoveAll(sample => sample.Time < minTime && replaced.Contains(sample));
    }

    private void AssertHoldsModel(string when)
    {
        List<(ulong, long)> held = Read();
        Assert.True(_model.SequenceEqual(held), $"{when}: {held.Count} samples instead of {_model.Count}");
    }

    private List<(ulong Series, long Time)> Read(int upTo = int.MaxValue)
    {
        WalRange[] ranges = [new WalRange(_disk.Root, Last: upTo)];
        if (WalCheckpoints.FindLast(_disk.Root) is { } checkpoint)
            ranges = [new WalRange(WalCheckpoints.Open(_disk.Root, checkpoint)), new WalRange(_disk.Root, checkpoint + 1, upTo)];
        var held = new List<(ulong, long)>();
        var samples = new WalSamples();
        using var reader = new WalReader(ranges);
        while (reader.TryRead(out ReadOnlySpan<byte> record))
        {
            samples.Clear();
            SampleRecords.Decode(record, samples);
            for (int i = 0; i < samples.Count; i++)
                held.Add((samples.Series[i].Value, samples.TimesMs[i]));
        }

        return held;
    }
}
