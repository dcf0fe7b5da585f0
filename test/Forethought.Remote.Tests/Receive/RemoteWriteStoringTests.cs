using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Remote.Tests.Receive;

/// <summary>What becomes of a well-formed request. Behaviour: <c>writeHandler.write</c> in upstream's write_handler.go.</summary>
public sealed class RemoteWriteStoringTests
{
    private const long Now = ReceiverHarness.NowMs;
    private const string InvalidLabels = "prometheus_api_remote_write_invalid_labels_samples_total";
    private const string WithoutMetadata = "prometheus_api_remote_write_without_metadata_appended_samples_total";

    [Fact]
    public async Task Decodes_bytes_written_by_hand()
    {
        // timeseries{ labels{name "__name__" value "m"} labels{name "a" value "b"} samples{value 1.5, timestamp 1000} }
        byte[] message = Convert.FromHexString(
            "0a25" + "0a0d" + "0a085f5f6e616d655f5f" + "12016d" + "0a06" + "0a0161" + "120162" + "120c" + "09000000000000f83f" + "10e807");
        var storage = new RecordingStorage();

        Assert.Equal((204, ""), await new ReceiverHarness(storage).SendAsync(message));
        Assert.Equal(["{__name__=\"m\", a=\"b\"} 1.5@1000"], storage.Rows);
    }

    [Fact]
    public async Task Stores_all_samples_of_all_series_in_one_transaction()
    {
        var storage = new RecordingStorage();
        WriteRequestBuilder request = WriteRequestBuilder.Of("__name__=a,x=1", (Now - 2, 1), (Now - 1, 2)).Series("__name__=b", (Now, 3));

        Assert.Equal((204, ""), await new ReceiverHarness(storage).SendAsync(request));
        Assert.Equal(
            [$"{{__name__=\"a\", x=\"1\"}} 1@{Now - 2}", $"{{__name__=\"a\", x=\"1\"}} 2@{Now - 1}", $"{{__name__=\"b\"}} 3@{Now}"],
            storage.Rows);
        Assert.Equal((1, 0), (storage.Commits, storage.Rollbacks));
    }

    [Theory]
    [InlineData("b=2,__name__=m,a=1", "{__name__=\"m\", a=\"1\", b=\"2\"}")]
    [InlineData("__name__=m,b=2,a=1,A=0", "{A=\"0\", __name__=\"m\", a=\"1\", b=\"2\"}")]
    [InlineData("A=0,__name__=m,a=1", "{A=\"0\", __name__=\"m\", a=\"1\"}")]
    [InlineData("__name__=m,a=,b=2", "{__name__=\"m\", b=\"2\"}")]
    [InlineData("b=2,__name__=m,a=", "{__name__=\"m\", b=\"2\"}")]
    [InlineData("__name__=m,grüße=ok", "{__name__=\"m\", \"grüße\"=\"ok\"}")]
    public async Task Sorts_labels_and_leaves_out_empty_ones(string labels, string stored)
    {
        var storage = new RecordingStorage();

        Assert.Equal((204, ""), await new ReceiverHarness(storage).SendAsync(WriteRequestBuilder.Of(labels, (Now, 1))));
        Assert.Equal([$"{stored} 1@{Now}"], storage.Rows);
    }

    [Theory]
    [InlineData("a=1")] // no metric name
    [InlineData("")]
    [InlineData("__name__=,a=1")]
    [InlineData("a=1,__name__=")]
    [InlineData("__name__=m,a=1,a=2")]
    [InlineData("a=1,__name__=m,a=1")]
    [InlineData("__name__=m,a=,a=2")]
    [InlineData("__name__=m,=2")]
    [InlineData("a=1,__name__=m,=")]
    public async Task Leaves_out_a_series_with_invalid_labels_and_counts_it(string labels)
    {
        var storage = new RecordingStorage();
        var receiver = new ReceiverHarness(storage);
        WriteRequestBuilder request = WriteRequestBuilder.Of(labels, (Now, 1), (Now + 1, 2)).Series("__name__=good", (Now, 3));

        Assert.Equal((204, ""), await receiver.SendAsync(request));
        Assert.Equal([$"{{__name__=\"good\"}} 3@{Now}"], storage.Rows);
        Assert.Equal(1, receiver.Metric(InvalidLabels));
        Assert.Equal(1, receiver.Metric(WithoutMetadata));
        Assert.StartsWith("Warning Invalid metric names or labels {", Assert.Single(receiver.Log.Lines), StringComparison.Ordinal);
    }

    public static TheoryData<byte[], byte[]> TextThatIsNotUtf8 => new()
    {
        { "a"u8.ToArray(), [0xff] },
        { "a"u8.ToArray(), [0xed, 0xa0, 0x80] }, // a surrogate
        { "a"u8.ToArray(), [0xc0, 0x80] }, // an overlong zero
        { [0x80], "x"u8.ToArray() },
        { [0x80], [] },
        { "__name__"u8.ToArray(), [0xfe] },
        { [0x00, 0xff], "sorted in front"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(TextThatIsNotUtf8))]
    public async Task Leaves_out_a_series_with_text_that_is_not_utf8(byte[] name, byte[] value)
    {
        var storage = new RecordingStorage();
        var receiver = new ReceiverHarness(storage);
        var request = new WriteRequestBuilder();
        foreach (bool isLast in (bool[])[false, true])
        {
            request.Series(series =>
            {
                if (isLast && name[0] != '_')
                    WriteRequestBuilder.Labels(series, "__name__=m");
                WriteRequestBuilder.Label(series, name, value);
                if (!isLast && name[0] != '_')
                    WriteRequestBuilder.Labels(series, "__name__=m");
                WriteRequestBuilder.Sample(series, Now, 1);
            });
        }

        Assert.Equal((204, ""), await receiver.SendAsync(request));
        Assert.Empty(storage.Rows);
        Assert.Equal(2, receiver.Metric(InvalidLabels));
    }

    [Fact]
    public async Task Takes_labels_of_any_length_that_can_be_packed()
    {
        foreach (int length in (int[])[100, 127, 128, 254, 255, 256, 70_000])
        {
            var storage = new RecordingStorage();
            string name = new('n', length), value = new('v', length);

            Assert.Equal(
                (204, ""), await new ReceiverHarness(storage).SendAsync(WriteRequestBuilder.Of($"__name__=m,{name}={value}", (Now, 1))));
            Assert.Equal([$"{{__name__=\"m\", {name}=\"{value}\"}} 1@{Now}"], storage.Rows);
        }
    }

    [Fact]
    public async Task Leaves_out_a_series_with_a_label_that_cannot_be_packed()
    {
        var storage = new RecordingStorage();
        var receiver = new ReceiverHarness(storage);
        string tooLong = new('v', PackedLabels.MaxStringLength + 1);
        var request = WriteRequestBuilder.Of("__name__=m,a=" + tooLong, (Now, 1));

        Assert.Equal((204, ""), await receiver.SendAsync(request));
        Assert.Equal((204, ""), await receiver.SendAsync(WriteRequestBuilder.Of($"a={tooLong},__name__=m", (Now, 1))));
        Assert.Empty(storage.Rows);
        Assert.Equal(2, receiver.Metric(InvalidLabels));
        Assert.All(receiver.Log.Lines, line => Assert.True(line.Length < 10_000));
    }

    [Theory]
    [InlineData(AppendOutcome.OutOfOrder, 400, "out of order sample")]
    [InlineData(AppendOutcome.OutOfBounds, 400, "out of bounds")]
    [InlineData(AppendOutcome.TooOld, 400, "too old sample")]
    [InlineData(AppendOutcome.DuplicateTimestamp, 400, "duplicate sample for timestamp")]
    [InlineData(AppendOutcome.InvalidHistogram, 400, "histogram's observation count is negative")]
    [InlineData(AppendOutcome.UnknownSeries, 500, "unknown series")]
    public async Task Rolls_the_whole_request_back_when_a_row_is_refused(AppendOutcome outcome, int status, string text)
    {
        var storage = new RecordingStorage
        {
            Outcome = timeMs => timeMs == Now ? outcome : AppendOutcome.Accepted,
            HistogramError = "histogram's observation count is negative",
        };
        var receiver = new ReceiverHarness(storage);
        WriteRequestBuilder request = WriteRequestBuilder.Of("__name__=a", (Now - 1, 1)).Series("__name__=b,x=y", (Now, 2))
            .Series("__name__=c", (Now - 1, 3)).Series("no=name", (Now, 1));

        Assert.Equal((status, text), await receiver.SendAsync(request));
        Assert.Empty(storage.Rows);
        Assert.Equal((0, 1), (storage.Commits, storage.Rollbacks));
        Assert.Equal([$"Error Out of order sample from remote write {text} {{__name__=\"b\", x=\"y\"}} {Now}"], receiver.Log.Lines);
        Assert.Equal(0, receiver.Metric(InvalidLabels));
        Assert.Equal(0, receiver.Metric(WithoutMetadata));
    }

    [Fact]
    public async Task Tells_the_first_of_several_refused_rows()
    {
        var storage = new RecordingStorage
        {
            Outcome = timeMs => timeMs switch
            {
                1 => AppendOutcome.TooOld,
                2 => AppendOutcome.OutOfOrder,
                3 => AppendOutcome.Identical,
                _ => AppendOutcome.Accepted,
            },
        };

        Assert.Equal(
            (400, "out of order sample"),
            await new ReceiverHarness(storage).SendAsync(WriteRequestBuilder.Of("__name__=a", (Now, 1), (3, 1), (2, 1), (1, 1))));
    }

    [Fact]
    public async Task Is_content_with_samples_that_are_there_already()
    {
        var storage = new RecordingStorage { Outcome = _ => AppendOutcome.Identical };

        Assert.Equal((204, ""), await new ReceiverHarness(storage).SendAsync(WriteRequestBuilder.Of("__name__=a", (Now, 1))));
    }

    [Fact]
    public async Task Refuses_rows_more_than_ten_minutes_ahead()
    {
        const long Limit = Now + 600_000;
        var storage = new RecordingStorage();
        var receiver = new ReceiverHarness(storage);

        Assert.Equal((204, ""), await receiver.SendAsync(WriteRequestBuilder.Of("__name__=a", (Limit, 1))));
        Assert.Equal(
            (400, "out of bounds: timestamp is too far in the future"),
            await receiver.SendAsync(WriteRequestBuilder.Of("__name__=a", (Now, 1), (Limit + 1, 1))));
        Assert.Equal(
            (400, "out of bounds: timestamp is too far in the future"),
            await receiver.SendAsync(WriteRequestBuilder.Of("__name__=a", (long.MaxValue, 1))));
        Assert.Equal([$"{{__name__=\"a\"}} 1@{Limit}"], storage.Rows);
        Assert.Equal(2, storage.Rollbacks);
    }

    [Fact]
    public async Task Tells_a_refused_row_before_a_later_one_too_far_ahead()
    {
        var storage = new RecordingStorage { Outcome = timeMs => timeMs == 1 ? AppendOutcome.TooOld : AppendOutcome.Accepted };

        Assert.Equal(
            (400, "too old sample"),
            await new ReceiverHarness(storage).SendAsync(WriteRequestBuilder.Of("__name__=a", (1, 1), (long.MaxValue, 1))));
        Assert.Equal(
            (400, "out of bounds: timestamp is too far in the future"),
            await new ReceiverHarness(storage).SendAsync(WriteRequestBuilder.Of("__name__=a", (long.MaxValue, 1), (1, 1))));
    }

    [Theory]
    [InlineData(typeof(IOException), "no space left on device")]
    [InlineData(typeof(StorageException), "storage is closed")]
    public async Task Answers_500_when_the_commit_fails(Type type, string text)
    {
        var storage = new RecordingStorage { CommitFailure = (Exception)Activator.CreateInstance(type, text)! };
        var receiver = new ReceiverHarness(storage);

        Assert.Equal((500, text), await receiver.SendAsync(WriteRequestBuilder.Of("__name__=a", (Now, 1))));
        Assert.Equal(["Error Error while storing the remote write request " + text], receiver.Log.Lines);
    }

    [Fact]
    public async Task Creates_no_series_without_rows()
    {
        var storage = new RecordingStorage();
        var request = WriteRequestBuilder.Of("__name__=a").Series(series =>
        {
            WriteRequestBuilder.Labels(series, "__name__=b");
            WriteRequestBuilder.Message(series, 3, exemplar => exemplar.WriteDouble(2, 1));
        });

        Assert.Equal((204, ""), await new ReceiverHarness(storage).SendAsync(request));
        Assert.Equal(0, storage.SeriesCreated);
    }

    [Fact]
    public async Task Finds_the_labels_wherever_they_are_in_a_series()
    {
        var storage = new RecordingStorage();
        var request = new WriteRequestBuilder().Series(series =>
        {
            WriteRequestBuilder.Sample(series, Now - 1, 1);
            WriteRequestBuilder.Labels(series, "__name__=a");
            WriteRequestBuilder.Sample(series, Now, 2);
            WriteRequestBuilder.Labels(series, "b=c");
        });

        Assert.Equal((204, ""), await new ReceiverHarness(storage).SendAsync(request));
        Assert.Equal([$"{{__name__=\"a\", b=\"c\"}} 1@{Now - 1}", $"{{__name__=\"a\", b=\"c\"}} 2@{Now}"], storage.Rows);
    }

    [Fact]
    public async Task Passes_over_metadata_and_unknown_fields()
    {
        var storage = new RecordingStorage();
        var request = new WriteRequestBuilder()
            .Field(3, metadata =>
            {
                metadata.WriteVarint(1, 1);
                metadata.WriteBytes(2, "a"u8);
            })
            .Series(series =>
            {
                series.WriteFixed32(9, 1);
                WriteRequestBuilder.Message(series, 1, label =>
                {
                    label.WriteBytes(2, "a"u8);
                    label.WriteVarint(7, 300);
                    label.WriteBytes(1, "__name__"u8);
                });
                WriteRequestBuilder.Message(series, 2, sample =>
                {
                    sample.WriteVarint(2, Now);
                    sample.WriteBytes(5, "x"u8);
                    sample.WriteDouble(1, 4);
                });
            })
            .Field(15, other => other.WriteBytes(1, "x"u8));

        Assert.Equal((204, ""), await new ReceiverHarness(storage).SendAsync(request));
        Assert.Equal([$"{{__name__=\"a\"}} 4@{Now}"], storage.Rows);
    }

    [Fact]
    public async Task Takes_missing_sample_fields_for_zero()
    {
        var storage = new RecordingStorage();
        var request = new WriteRequestBuilder().Series(series =>
        {
            WriteRequestBuilder.Labels(series, "__name__=a");
            WriteRequestBuilder.Message(series, 2, sample => sample.WriteVarint(2, 7));
            WriteRequestBuilder.Message(series, 2, sample => sample.WriteDouble(1, 7));
            WriteRequestBuilder.Sample(series, -5, -0.0);
        });

        Assert.Equal((204, ""), await new ReceiverHarness(storage).SendAsync(request));
        Assert.Equal(["{__name__=\"a\"} 0@7", "{__name__=\"a\"} 7@0", "{__name__=\"a\"} -0@-5"], storage.Rows);
    }

    [Fact]
    public async Task Passes_exemplars_on()
    {
        var storage = new RecordingStorage();
        var request = new WriteRequestBuilder().Series(series =>
        {
            WriteRequestBuilder.Labels(series, "__name__=a");
            WriteRequestBuilder.Sample(series, Now, 1);
            Exemplar(series, "trace_id=abc,b=1", 0.5, Now);
            Exemplar(series, "", 2, 0);
            Exemplar(series, "trace_id=future", 1, Now + 600_001);
            Exemplar(series, "a=1,a=2", 1, Now);
        });

        Assert.Equal((204, ""), await new ReceiverHarness(storage).SendAsync(request));
        Labels series = Labels.FromStrings("__name__", "a");
        Assert.Equal(
            [
                (series, new Exemplar(Labels.FromStrings("b", "1", "trace_id", "abc"), 0.5, Now, true)),
                (series, new Exemplar(Labels.Empty, 2, 0, false)),
            ],
            storage.Exemplars);

        static void Exemplar(Forethought.Encoding.ProtobufWriter series, string labels, double value, long timeMs) =>
            WriteRequestBuilder.Message(series, 3, exemplar =>
            {
                WriteRequestBuilder.Labels(exemplar, labels);
                exemplar.WriteDouble(2, value);
                exemplar.WriteVarint(3, (ulong)timeMs);
            });
    }

    [Fact]
    public async Task Hands_a_huge_request_over_in_bounded_batches_and_one_transaction()
    {
        var storage = new CountingStorage();
        var request = new WriteRequestBuilder();
        for (int i = 0; i < 100_000; i++)
            request.Series("__name__=a", (Now, i), (Now, i));

        Assert.Equal((204, ""), await new ReceiverHarness(storage).SendAsync(request));
        Assert.Equal(200_000, storage.Rows);
        Assert.InRange(storage.LargestBatch, 1, 16 * 1024);
    }

    [Fact]
    public async Task Rolls_back_what_was_handed_over_before_a_refusal_in_a_later_batch()
    {
        var storage = new RecordingStorage { Outcome = timeMs => timeMs == 49_999 ? AppendOutcome.OutOfOrder : AppendOutcome.Accepted };
        var request = WriteRequestBuilder.Of("__name__=a", [.. Enumerable.Range(0, 60_000).Select(i => ((long)i, (double)i))]);

        Assert.Equal((400, "out of order sample"), await new ReceiverHarness(storage).SendAsync(request));
        Assert.Empty(storage.Rows);
        Assert.Equal(1, storage.Rollbacks);
    }

    [Fact]
    public async Task Agrees_with_a_simple_model_on_random_requests()
    {
        var random = new Random(20260101);
        for (int round = 0; round < 300; round++)
        {
            var storage = new RecordingStorage();
            var request = new WriteRequestBuilder();
            var expected = new List<string>();
            for (int i = random.Next(5); i >= 0; i--)
                AddRandomSeries(random, request, expected);

            Assert.Equal((204, ""), await new ReceiverHarness(storage).SendAsync(request));
            Assert.Equal(expected, storage.Rows);
        }
    }

    private static void AddRandomSeries(Random random, WriteRequestBuilder request, List<string> expected)
    {
        var pairs = new List<(string Name, string Value)>();
        if (random.Next(8) > 0)
            pairs.Add(("__name__", RandomText(random)));
        for (int i = random.Next(6); i > 0; i--)
            pairs.Add((RandomText(random), RandomText(random)));
        if (random.Next(2) == 0)
            pairs.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        (long TimeMs, double Value)[] samples =
            [.. Enumerable.Range(0, random.Next(3)).Select(_ => (random.NextInt64(Now), (double)random.Next(1000)))];
        request.Series(series =>
        {
            foreach ((string name, string value) in pairs)
                WriteRequestBuilder.Label(series, System.Text.Encoding.UTF8.GetBytes(name), System.Text.Encoding.UTF8.GetBytes(value));
            foreach ((long timeMs, double value) in samples)
                WriteRequestBuilder.Sample(series, timeMs, value);
        });

        bool isValid = pairs.Any(pair => pair is { Name: "__name__", Value: not "" }) && pairs.All(pair => pair.Name.Length > 0)
            && pairs.DistinctBy(pair => pair.Name).Count() == pairs.Count;
        if (!isValid)
            return;
        Labels labels = Labels.FromStrings([.. pairs.SelectMany(pair => new[] { pair.Name, pair.Value })]);
        expected.AddRange(samples.Select(sample => $"{labels} {sample.Value}@{sample.TimeMs}"));
    }

    private static string RandomText(Random random)
    {
        int length = random.Next(20) == 0 ? random.Next(400) : random.Next(4);
        return new string([.. Enumerable.Range(0, length).Select(_ => "abcäß€_Z0"[random.Next(9)])]);
    }
}
