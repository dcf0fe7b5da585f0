using Forethought.Testing;

namespace Forethought.Model.Tests;

public sealed class LabelsTests
{
    [Fact]
    public void The_packed_form_is_length_prefixed_and_sorted()
    {
        Labels labels = Labels.FromStrings("b", "2", "a", "1");
        Assert.Equal("\x01" + "a\x01" + "1\x01" + "b\x01" + "2", System.Text.Encoding.Latin1.GetString(labels.Packed));
    }

    [Fact]
    public void The_empty_set_has_the_hash_of_no_bytes()
    {
        // xxHash64 of the empty input with seed 0, from the reference's own table of vectors.
        Assert.Equal(17241709254077376921UL, Labels.Empty.Hash());
    }

    [Theory]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(70_000)]
    public void Long_values_survive_packing(int length)
    {
        Labels labels = Labels.FromStrings("a", new string('x', length), "b", "y");
        Assert.Equal(length, labels.Get("a"u8).Length);
        Assert.Equal("y", labels["b"]);
        Assert.True(PackedLabels.IsWellFormed(labels.Packed));
        Assert.Equal(length < 255 ? (byte)length : (byte)255, labels.Packed[2]);
    }

    [Fact]
    public void Labels_with_an_empty_value_are_left_out()
    {
        Labels labels = Labels.FromStrings("a", "", "b", "1");
        Assert.Equal(1, labels.Count);
        Assert.Equal("""{b="1"}""", labels.ToString());
    }

    [Fact]
    public void A_name_given_twice_or_without_a_value_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Labels.FromStrings("a", "1", "a", "2"));
        Assert.Throws<ArgumentException>(() => Labels.FromStrings("a", "1", "b"));
    }

    // Upstream's TestLabels_String.
    [Fact]
    public void Sets_print_as_the_reference_prints_them()
    {
        Assert.Equal("{}", Labels.Empty.ToString());
        Assert.Equal("""{t1="t1", t2="t2"}""", Labels.FromStrings("t1", "t1", "t2", "t2").ToString());
        Assert.Equal("""{"service.name"="t1", "whatever\\whatever"="t2"}""", Labels.FromStrings("service.name", "t1", "whatever\\whatever", "t2").ToString());
        Assert.Equal("""{aaa="111", bb:b="222"}""".Replace("bb:b", "\"bb:b\"", StringComparison.Ordinal), Labels.FromStrings("aaa", "111", "bb:b", "222").ToString());
        Assert.Equal("""{l="a\"b\\c\nd\x01é"}""", Labels.FromStrings("l", "a\"b\\c\nd\u0001é").ToString());
    }

    [Fact]
    public void Sets_of_the_same_labels_are_equal_and_the_operators_agree_with_the_order()
    {
        Labels less = Labels.FromStrings("a", "1", "b", "2");
        Labels same = Labels.FromStrings("b", "2", "a", "1");
        Labels more = Labels.FromStrings("a", "1", "c", "0");
        Assert.True(less == same && !(less != same) && less.Equals((object)same) && less.GetHashCode() == same.GetHashCode());
        Assert.True(less != more && !(less == more) && !less.Equals("a"));
        Assert.True(less < more && less <= more && less <= same && more > less && more >= less && less >= same);
        Assert.False(less > more || less >= more || more < less || more <= less || less < same || less > same);
        Assert.False(less.IsEmpty);
        Assert.True(Labels.Empty.IsEmpty && Labels.FromPacked([]).IsEmpty && Labels.Empty == default);
        Assert.Equal("", less["absent"]);
    }

    [Fact]
    public void A_text_longer_than_the_encoding_carries_is_refused()
    {
        byte[] text = new byte[PackedLabels.MaxStringLength + 1];
        byte[] room = new byte[text.Length + 4];
        Assert.Throws<ArgumentException>(() => PackedLabels.WriteString(room, text));
        Assert.Equal(PackedLabels.MaxStringLength + 4, PackedLabels.WriteString(room, text.AsSpan(1)));
        int offset = 0;
        Assert.Equal(PackedLabels.MaxStringLength, PackedLabels.ReadString(room, ref offset).Length);
        Assert.Equal(PackedLabels.SizeOf(PackedLabels.MaxStringLength), offset);
    }

    [Fact]
    public void Packed_bytes_are_walked_and_searched_as_a_sorted_dictionary_would_be()
    {
        var random = new Random(31);
        for (int round = 0; round < 500; round++)
        {
            var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
            for (int i = random.Next(10); i > 0; i--)
                model["n" + random.Next(30)] = new string('v', random.Next(1, 600));
            Labels labels = Labels.FromStrings([.. model.Reverse().SelectMany(pair => new[] { pair.Key, pair.Value })]);
            var walked = new List<KeyValuePair<string, string>>();
            foreach (Label label in labels)
                walked.Add(new(label.NameText, label.ValueText));
            Assert.Equal(model, walked);
            Assert.Equal(model.Count, labels.Count);
            for (int i = 0; i < 30; i++)
                Assert.Equal(model.GetValueOrDefault("n" + i, ""), labels["n" + i]);
            Assert.Equal(labels, Labels.FromPacked(labels.Packed));
            Assert.True(PackedLabels.IsWellFormed(labels.Packed));
        }
    }

    [Theory]
    [InlineData(new byte[] { 1, (byte)'b', 1, (byte)'1', 1, (byte)'a', 1, (byte)'1' })]
    [InlineData(new byte[] { 1, (byte)'a', 1, (byte)'1', 1, (byte)'a', 1, (byte)'2' })]
    [InlineData(new byte[] { 0, 1, (byte)'1' })]
    [InlineData(new byte[] { 1, (byte)'a', 0 })]
    [InlineData(new byte[] { 1, (byte)'a' })]
    [InlineData(new byte[] { 255 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 1 })]
    [InlineData(new byte[] { 1, (byte)'a', 255, 2, 0, 0, 1 })]
    public void Packed_bytes_that_break_a_rule_are_refused(byte[] packed) => Assert.False(PackedLabels.IsWellFormed(packed));

    [Fact]
    public void A_removed_label_can_be_set_again_and_slots_do_not_move()
    {
        var builder = new LabelsBuilder();
        builder.Reset(Labels.FromStrings("a", "1", "b", "2"));
        builder.Remove("a"u8);
        builder.Remove("absent"u8);
        Assert.Equal((2, 1), (builder.Slots, builder.Count));
        Assert.Equal(("a", ""), (builder.At(0).NameText, builder.At(0).ValueText));
        builder.Set("c", "3");
        builder.Set("a", "4");
        Assert.Equal(("a", "4"), (builder.At(0).NameText, builder.At(0).ValueText));
        Assert.Equal("c", builder.At(2).NameText);
        Assert.Equal("""{a="4", b="2", c="3"}""", builder.ToLabels().ToString());
        builder.Clear();
        Assert.True(builder.ToLabels().IsEmpty);
    }

    [Fact]
    public void Sets_are_ordered_label_by_label_and_a_prefix_comes_first()
    {
        Labels[] ordered =
        [
            Labels.Empty,
            Labels.FromStrings("a", "1"),
            Labels.FromStrings("a", "1", "b", "1"),
            Labels.FromStrings("a", "10"),
            Labels.FromStrings("a", "2"),
            Labels.FromStrings("aa", "1"),
            Labels.FromStrings("b", "0"),
        ];
        for (int i = 0; i < ordered.Length; i++)
        {
            for (int j = 0; j < ordered.Length; j++)
                Assert.Equal(i.CompareTo(j), Math.Sign(ordered[i].CompareTo(ordered[j])));
        }
    }

    [Fact]
    public void Cutting_or_corrupting_packed_bytes_is_noticed_or_leaves_a_well_formed_set()
    {
        byte[] packed = Labels.FromStrings("name", "value", "other", new string('v', 300)).Packed.ToArray();
        for (int cut = 0; cut <= packed.Length; cut++)
        {
            bool wellFormed = PackedLabels.IsWellFormed(packed.AsSpan(0, cut));
            Assert.Equal(cut is 0 or 11 || cut == packed.Length, wellFormed);
        }

        var random = new Random(7);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] damaged = [.. packed];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            if (PackedLabels.IsWellFormed(damaged))
                Assert.True(PackedLabels.Count(damaged) > 0);
        }
    }

    [Fact]
    public void The_builder_agrees_with_a_sorted_dictionary()
    {
        var random = new Random(42);
        var builder = new LabelsBuilder();
        for (int round = 0; round < 2_000; round++)
        {
            var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
            builder.Clear();
            if (round % 3 == 0)
            {
                builder.Reset(Labels.FromStrings("a", "base", "m", "base", "z", "base"));
                model["a"] = model["m"] = model["z"] = "base";
            }

            for (int step = random.Next(12); step > 0; step--)
            {
                string name = ((char)('a' + random.Next(26))).ToString();
                string value = random.Next(4) == 0 ? "" : random.Next(1000).ToString(System.Globalization.CultureInfo.InvariantCulture);
                builder.Set(name, value);
                if (value.Length == 0)
                    model.Remove(name);
                else
                    model[name] = value;
            }

            Labels expected = Labels.FromStrings([.. model.SelectMany(pair => new[] { pair.Key, pair.Value })]);
            Assert.Equal(expected, builder.ToLabels());
            Assert.Equal(model.Count, builder.Count);
            foreach ((string name, string value) in model)
                Assert.Equal(value, System.Text.Encoding.UTF8.GetString(builder.Get(System.Text.Encoding.UTF8.GetBytes(name))));
        }
    }

    [Fact]
    public void A_value_taken_from_the_builder_can_be_set_again_while_the_arena_grows()
    {
        var builder = new LabelsBuilder();
        builder.Set("a", new string('x', 200));
        for (int i = 0; i < 20; i++)
            builder.Set(System.Text.Encoding.UTF8.GetBytes("copy" + i), builder.Get("a"u8));
        Assert.Equal(new string('x', 200), builder.ToLabels()["copy19"]);
    }

    [Fact]
    public void Packing_a_reused_builder_allocates_nothing()
    {
        var builder = new LabelsBuilder();
        Fill();
        Assert.Equal(0, Allocation.Of(Fill));

        void Fill()
        {
            builder.Clear();
            builder.Set("zone"u8, "eu"u8);
            builder.Set("__name__"u8, "up"u8);
            builder.Set("job"u8, "node"u8);
            _ = builder.Pack();
        }
    }

    [Fact]
    public void Duplicate_names_are_found_with_their_name()
    {
        var builder = new LabelsBuilder();
        builder.Append("b"u8, "1"u8);
        builder.Append("a"u8, "1"u8);
        Assert.False(builder.HasDuplicateNames(out _));
        builder.Append("b"u8, "2"u8);
        Assert.True(builder.HasDuplicateNames(out ReadOnlySpan<byte> name));
        Assert.Equal("b", System.Text.Encoding.UTF8.GetString(name));
    }

    [Fact]
    public void Many_labels_in_the_worst_order_are_sorted_without_a_quadratic_effort()
    {
        // By insertion this would be 2 × 10^10 moves.
        const int Count = 200_000;
        var builder = new LabelsBuilder();
        for (int i = Count - 1; i >= 0; i--)
            builder.Append(System.Text.Encoding.UTF8.GetBytes($"n{i:D6}"), System.Text.Encoding.UTF8.GetBytes($"{i}"));
        builder.Append("n000000"u8, "second"u8);
        Assert.True(builder.HasDuplicateNames(out ReadOnlySpan<byte> name));
        Assert.Equal("n000000", System.Text.Encoding.UTF8.GetString(name));

        int next = 0;
        foreach (Label label in new LabelEnumerator(builder.Pack()))
        {
            int number = Math.Max(next - 1, 0);
            Assert.Equal($"n{number:D6}", label.NameText);
            Assert.Equal(next == 1 ? "second" : $"{number}", System.Text.Encoding.UTF8.GetString(label.Value));
            next++;
        }

        Assert.Equal(Count + 1, next);
    }

    [Fact]
    public void Packed_sets_are_ordered_text_by_text()
    {
        Random random = Fuzz.Random(7);
        string[] texts = ["a", "aa", "ab", "b", new string('a', 254), new string('a', 255), new string('a', 256) + "b", new string('b', 300)];
        for (int i = 0; i < Fuzz.Rounds(5_000); i++)
        {
            string[] left = RandomPairs(random, texts), right = random.Next(4) == 0 ? [.. left] : RandomPairs(random, texts);
            if (right.Length > 1 && random.Next(2) == 0)
                right[^1] = texts[random.Next(texts.Length)];
            int expected = 0;
            for (int n = 0; expected == 0 && n < Math.Max(left.Length, right.Length); n++)
                expected = n == left.Length ? -1 : n == right.Length ? 1 : string.CompareOrdinal(left[n], right[n]);
            int actual = PackedLabels.Compare(Labels.FromStrings(left).Packed, Labels.FromStrings(right).Packed);
            Assert.Equal(Math.Sign(expected), Math.Sign(actual));
        }
    }

    // Sorted names with values.
    private static string[] RandomPairs(Random random, string[] texts) =>
        [.. texts.Where(_ => random.Next(3) == 0).Order(StringComparer.Ordinal).SelectMany(name => (string[])[name, texts[random.Next(texts.Length)]])];
}
