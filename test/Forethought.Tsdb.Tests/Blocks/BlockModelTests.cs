using Forethought.Model;
using Forethought.Storage;
using Forethought.Testing;
using Forethought.Tsdb.Blocks;
using Forethought.Tsdb.Chunks;
using Forethought.Tsdb.Tests.Chunks;
using Forethought.Tsdb.Tests.Platform;
using Xunit;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.Tsdb.Tests.Blocks;

/// <summary>Random blocks of many chunks and segments, queried and deleted from, against a list of samples.</summary>
public sealed class BlockModelTests
{
    private const string Name = "01M7WFPX44NQG5SY67SS3R2PA8";
    private const int Series = 40;
    private const int Times = 2000;

    private static readonly double Stale = BitConverter.UInt64BitsToDouble(0x7ff0000000000002);

    [Fact]
    public async Task Queries_and_deletions_agree_with_the_model()
    {
        Random random = Fuzz.Random(100);
        for (int round = 0; round < Fuzz.Rounds(6); round++)
        {
            var disk = new MemoryDisk();
            List<Sample> model = Write(disk, random);
            Block block = Block.Open(disk.Root.GetDirectory(Name));
            Assert.True(((MemoryDirectory)disk.Root.GetDirectory(Name)).GetDirectory("chunks").List().Count > 2);
            for (int step = 0; step < 30; step++)
            {
                if (random.Next(4) == 0)
                    Delete(block, model, random);
                if (random.Next(8) == 0)
                {
                    block.Close();
                    block = Block.Open(disk.Root.GetDirectory(Name));
                }

                await QueryAsync(block, model, random);
            }

            block.Close();
        }
    }

    [Fact]
    public async Task After_a_power_loss_in_a_deletion_its_samples_are_deleted_or_not_and_no_others()
    {
        for (int n = 0; ; n++)
        {
            var disk = new MemoryDisk();
            List<Sample> model = Write(disk, new Random(5));
            Block block = Block.Open(disk.Root.GetDirectory(Name));
            block.Delete(100, 300, [new Matcher(MatchType.Equal, "i", "s003")]);
            int at = n;
            disk.Fault = (number, _) => number == at ? new DiskFault(5, Crashes: true) : null;
            Exception? failure = Record.Exception(() => block.Delete(200, 900, [new Matcher(MatchType.RegexMatch, "i", "s00[37]")]));
            block.Close();
            disk.Restart(losesUnsynced: true);
            block = Block.Open(disk.Root.GetDirectory(Name));
            int left = await CountAsync(block);
            model.RemoveAll(sample => sample.Series == 3 && sample.TimeMs is >= 100 and <= 300);
            int before = model.Count;
            model.RemoveAll(sample => sample.Series is 3 or 7 && sample.TimeMs is >= 200 and <= 900);
            Assert.Contains(left, failure is null ? [model.Count] : (int[])[before, model.Count]);
            block.Close();
            if (failure is null)
                return;
        }
    }

    [Fact]
    public async Task Many_readers_see_a_block_before_or_after_a_deletion()
    {
        var disk = new MemoryDisk();
        List<Sample> model = Write(disk, new Random(6));
        Block block = Block.Open(disk.Root.GetDirectory(Name));
        int[] possible = [.. Enumerable.Range(0, 11).Select(deleted => model.Count(sample => sample.TimeMs >= deleted * 50))];
        using var start = new Barrier(4);
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            start.SignalAndWait();
            int last = int.MaxValue;
            for (int i = 0; i < 40; i++)
            {
                int found = await CountAsync(block);
                Assert.Contains(found, possible);
                Assert.True(found <= last);
                last = found;
            }
        }))];
        start.SignalAndWait();
        for (int deleted = 1; deleted <= 10; deleted++)
            block.Delete(0, deleted * 50 - 1, [new Matcher(MatchType.RegexMatch, "i", ".+")]);
        await Task.WhenAll(readers);
        Assert.Equal(possible[^1], await CountAsync(block));
        block.Close();
    }

    private static List<Sample> Write(MemoryDisk disk, Random random)
    {
        var model = new List<Sample>();
        var source = new ChunkList();
        for (int i = 0; i < Series; i++)
        {
            var chunks = new List<ListedChunk>();
            int time = random.Next(60);
            while (time < Times && chunks.Count < 30)
                chunks.Add(RandomChunk(model, i, ref time, random));
            source.Add(Labels.FromStrings("__name__", "m", "i", $"s{i:D3}", "parity", $"{i % 2}"), [.. chunks]);
        }

        new BlockWriter(disk.Root, segmentBytes: 20_000).Write(source, new BlockMeta { Ulid = Ulid.Parse(Name), MaxTimeMs = Times });
        return model;
    }

    private static ListedChunk RandomChunk(List<Sample> model, int series, ref int time, Random random)
    {
        bool hasStarts = random.Next(2) == 0;
        var samples = new List<Sample>();
        for (int i = random.Next(1, 120); i > 0; i--)
        {
            double value = random.Next(15) == 0 ? Stale : random.Next(3) == 0 ? random.NextDouble() : series;
            samples.Add(new Sample(series, time, hasStarts ? Math.Max(0, time - 7) : 0, value));
            time += random.Next(1, 9);
        }

        model.AddRange(samples);
        time += random.Next(40);
        byte[] bytes = hasStarts
            ? ReferenceEncoders.Xor2([.. samples.Select(sample => (sample.TimeMs, sample.StartMs, sample.Value))])
            : ReferenceEncoders.Xor([.. samples.Select(sample => (sample.TimeMs, sample.Value))]);
        return new ListedChunk(samples[0].TimeMs, samples[^1].TimeMs, hasStarts ? ChunkEncoding.Xor2 : ChunkEncoding.Xor, bytes);
    }

    private static (Matcher[] Matchers, Func<int, bool> Accepts) RandomSelector(Random random)
    {
        int one = random.Next(Series);
        return random.Next(4) switch
        {
            0 => ([new Matcher(MatchType.Equal, "i", $"s{one:D3}")], series => series == one),
            1 => (
                [new Matcher(MatchType.Equal, "parity", "1"), new Matcher(MatchType.NotEqual, "i", $"s{one:D3}")],
                series => series % 2 == 1 && series != one),
            2 => ([new Matcher(MatchType.RegexMatch, "i", "s0[12].*")], series => series is >= 10 and < 30),
            _ => ([new Matcher(MatchType.Equal, "__name__", "m")], _ => true),
        };
    }

    private static void Delete(Block block, List<Sample> model, Random random)
    {
        (Matcher[] matchers, Func<int, bool> accepts) = RandomSelector(random);
        long min = random.Next(-10, Times);
        long max = random.Next(6) == 0 ? long.MaxValue : min + random.Next(400);
        block.Delete(min, max, matchers);
        model.RemoveAll(sample => accepts(sample.Series) && sample.TimeMs >= min && sample.TimeMs <= max);
        Assert.Equal((ulong)block.Tombstones.Count, block.Meta.Stats.Tombstones);
    }

    private static async Task QueryAsync(Block block, List<Sample> model, Random random)
    {
        (Matcher[] matchers, Func<int, bool> accepts) = RandomSelector(random);
        long min = random.Next(-10, Times);
        long max = min + random.Next(Times);
        using BlockQuerier querier = BlockQuerier.TryOpen(block, min, max)!;
        long start = random.Next(2) == 0 ? long.MinValue : min + random.Next(100);
        using ISeriesSet set = await querier.SelectAsync(new SelectHints { StartMs = start, EndMs = long.MaxValue }, matchers, default);
        var found = new List<string>();
        var batch = new SampleBatch(random.Next(1, 500));
        while (set.MoveNext())
        {
            batch.Clear();
            string series = Labels.FromPacked(set.PackedLabels)["i"];
            while (set.Read(batch))
            {
            }

            for (int i = 0; i < batch.Count; i++)
                found.Add($"{series} {batch.TimesMs[i]} {batch.StartTimesMs?[i] ?? 0} {GoldenSamples.Hex(batch.Values[i])}");
        }

        long first = Math.Max(min, start);
        IEnumerable<string> expected = model
            .Where(sample => accepts(sample.Series) && sample.TimeMs >= first && sample.TimeMs <= max)
            .Select(sample => $"s{sample.Series:D3} {sample.TimeMs} {sample.StartMs} {GoldenSamples.Hex(sample.Value)}");
        Assert.Equal(expected, found);
    }

    private static async Task<int> CountAsync(Block block)
    {
        using BlockQuerier querier = BlockQuerier.TryOpen(block, long.MinValue, long.MaxValue)!;
        var batch = new SampleBatch();
        using ISeriesSet set = await querier.SelectAsync(new SelectHints { StartMs = long.MinValue, EndMs = long.MaxValue }, [], default);
        int samples = 0;
        while (set.MoveNext())
        {
            batch.Clear();
            while (set.Read(batch))
            {
            }

            samples += batch.Count;
        }

        return samples;
    }

    private sealed record Sample(int Series, long TimeMs, long StartMs, double Value);
}
