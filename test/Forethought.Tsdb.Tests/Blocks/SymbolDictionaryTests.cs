using System.Globalization;
using Forethought.Storage;
using Forethought.Tsdb.Blocks;
using Xunit;

namespace Forethought.Tsdb.Tests.Blocks;

public sealed class SymbolDictionaryTests
{
    private readonly SymbolDictionary _symbols = new();

    [Fact]
    public void Texts_are_numbered_in_order_and_found_again_while_it_grows()
    {
        for (int i = 0; i < 20_000; i++)
        {
            Add($"s{i:D6}");
            if (i % 997 == 0)
                Assert.Equal((uint)i / 2, Find($"s{i / 2:D6}"));
        }

        Assert.Equal(20_000, _symbols.Count);
        for (uint i = 0; i < 20_000; i++)
        {
            Assert.Equal(i, Find(string.Create(CultureInfo.InvariantCulture, $"s{i:D6}")));
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"s{i:D6}"), System.Text.Encoding.UTF8.GetString(_symbols[i]));
        }
    }

    [Fact]
    public void The_table_has_each_text_behind_its_length()
    {
        Add("");
        Add("ab");
        Add(new string('z', 300));
        Assert.Equal("00" + "026162" + "AC02" + new string('7', 600).Replace("77", "7A", StringComparison.Ordinal), Convert.ToHexString(_symbols.Table));
        Assert.Equal(300, _symbols[2].Length);
        Assert.Equal(0U, Find(""));
    }

    [Fact]
    public void The_empty_text_is_no_symbol_unless_it_was_added()
    {
        Add("a");
        StorageException failure = Assert.Throws<StorageException>(() => Find(""));
        Assert.Equal("symbol entry for \"\" does not exist", failure.Message);
    }

    [Theory]
    [InlineData("b", "b")]
    [InlineData("b", "a")]
    [InlineData("b", "")]
    [InlineData("\u00e9", "z")]
    public void Texts_out_of_byte_order_are_refused(string first, string second)
    {
        Add(first);
        Assert.Throws<StorageException>(() => Add(second));
        Assert.Equal(1, _symbols.Count);
    }

    private void Add(string text) => _symbols.Add(System.Text.Encoding.UTF8.GetBytes(text));

    private uint Find(string text) => _symbols.Find(System.Text.Encoding.UTF8.GetBytes(text));
}
