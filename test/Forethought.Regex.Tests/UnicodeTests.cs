using System.Text;
using Forethought.Regex.Syntax;
using Forethought.Regex.Unicode;

namespace Forethought.Regex.Tests;

public sealed class UnicodeTests
{
    // Orbits of Unicode's CaseFolding.txt (C and S), as listed in the documentation of Go's unicode.SimpleFold.
    [Theory]
    [InlineData(0x41, 0x61)]
    [InlineData(0x4B, 0x6B, 0x212A)]
    [InlineData(0x53, 0x73, 0x17F)]
    [InlineData(0x31)]
    [InlineData(0x130)]
    [InlineData(0x131)]
    [InlineData(0xDF, 0x1E9E)]
    [InlineData(0xC5, 0xE5, 0x212B)]
    [InlineData(0xB5, 0x39C, 0x3BC)]
    [InlineData(0x3A3, 0x3C2, 0x3C3)]
    [InlineData(0x1C4, 0x1C5, 0x1C6)]
    [InlineData(0x345, 0x399, 0x3B9, 0x1FBE)]
    [InlineData(0x100, 0x101)]
    [InlineData(0x13A0, 0xAB70)]
    [InlineData(0x10400, 0x10428)]
    [InlineData(0x1E900, 0x1E922)]
    public void Case_folding_goes_round_the_orbit(params int[] orbit)
    {
        for (int i = 0; i < orbit.Length; i++)
        {
            Assert.Equal(orbit[(i + 1) % orbit.Length], CaseFolding.Next(orbit[i]));
            Assert.Equal(orbit[0], CaseFolding.Smallest(orbit[i]));
        }
    }

    [Fact]
    public void Every_orbit_closes_and_its_members_agree_with_the_runtime()
    {
        int folding = 0;
        for (int rune = 0; rune <= RuneSet.MaxRune; rune++)
        {
            if (!Rune.IsValid(rune) || CaseFolding.Next(rune) == rune)
                continue;
            folding++;
            int length = 1;
            for (int other = CaseFolding.Next(rune); other != rune; other = CaseFolding.Next(other))
                Assert.True(++length <= 4);

            // Upper and lower case are in the ring, but for the few mappings that simple folding leaves out.
            foreach (Rune other in new[] { Rune.ToUpperInvariant(new Rune(rune)), Rune.ToLowerInvariant(new Rune(rune)) })
                Assert.Equal(CaseFolding.Smallest(rune), CaseFolding.Smallest(other.Value));
        }

        Assert.InRange(folding, 2800, 3000);
    }

    [Theory]
    [InlineData("\\pL", "aZéλ日", "1 _-")]
    [InlineData("\\p{Lu}", "AÉΛ", "aé1")]
    [InlineData("\\p{Ll}", "aéλ", "A1日")]
    [InlineData("\\p{Lt}", "ǅ", "Ǆa")]
    [InlineData("\\p{Nd}", "0٣", "½Ⅷ")]
    [InlineData("\\pN", "0½Ⅷ", "a")]
    [InlineData("\\pP", "!-_«", "a+")]
    [InlineData("\\pS", "+$^©", "a!")]
    [InlineData("\\pZ", " \u00A0\u2028", "a\n")]
    [InlineData("\\pC", "\n\u00AD\uE000\u0378", "a ")]
    [InlineData("\\p{Greek}", "αΩἀ", "aж")]
    [InlineData("\\p{Cyrillic}", "жЯ", "aα")]
    [InlineData("\\p{Latin}", "aZéK", "α1")]
    [InlineData("\\p{Han}", "日本〇", "あa")]
    [InlineData("\\p{Old_Italic}", "𐌀", "a")]
    [InlineData("\\p{Any}", "a\n😀", "")]
    [InlineData("\\P{Greek}", "a1", "α")]
    [InlineData("(?i)\\p{Lu}", "aAéÉ", "1日")]
    [InlineData("(?i)[k]", "kK\u212A", "x")]
    [InlineData("(?i)[^k]", "xé", "kK\u212A")]
    [InlineData("(?i)\\w", "aZ_9\u017F\u212A", "é-")]
    [InlineData("(?i)\\W", "é-", "a\u017F\u212A")]
    [InlineData("(?i)[a-z]", "aZ\u017F\u212A", "é1")]
    [InlineData("(?i)[Ͱ-Ͳ]", "ͰͱͲͳ", "a")]
    [InlineData("\\d", "09", "٣a")]
    [InlineData("\\s", " \t\n\f\r", "\v\u00A0")]
    [InlineData("[[:space:]]", " \t\n\v\f\r", "\u00A0")]
    [InlineData("\\w", "aZ_9", "é-")]
    [InlineData("[[:punct:]]", "!/:@[`{~", "a é")]
    [InlineData("[[:^alpha:]]", "1é", "aZ")]
    [InlineData("[[:xdigit:]_]", "09afAF_", "gG")]
    [InlineData("[^\\x00-\\x{10FFFF}]", "", "a\n")]
    [InlineData(".", "aé日😀", "\n")]
    public void Classes_hold_the_right_runes(string pattern, string inside, string outside)
    {
        Re2Regex regex = Re2Regex.Compile($"^{pattern}$");
        Assert.All(inside.EnumerateRunes(), rune => Assert.True(regex.IsMatch(Encoding.UTF8.GetBytes(rune.ToString())), $"U+{rune.Value:X}"));
        Assert.All(outside.EnumerateRunes(), rune => Assert.False(regex.IsMatch(Encoding.UTF8.GetBytes(rune.ToString())), $"U+{rune.Value:X}"));
    }

    [Fact]
    public void Scripts_do_not_overlap_and_there_are_as_many_as_in_Unicode_15()
    {
        string[] names = ["Adlam", "Arabic", "Common", "Inherited", "Kawi", "Nag_Mundari", "Zanabazar_Square", "Vithkuqi"];
        Assert.All(names, name => Assert.NotNull(UnicodeClasses.Find(name)));
        Assert.Null(UnicodeClasses.Find("Garay"));
        Assert.Null(UnicodeClasses.Find("#"));
        var union = new HashSet<int>();
        Assert.All(names, name => Assert.All(UnicodeClasses.Find(name)!.Runes(), rune => Assert.True(union.Add(rune))));
    }

    [Fact]
    public void Sets_hold_what_was_added_and_their_complements_the_rest()
    {
        var random = new Random(3);
        for (int round = 0; round < 200; round++)
        {
            var builder = new RuneSetBuilder();
            var model = new HashSet<int>();
            for (int i = random.Next(0, 8); i > 0; i--)
            {
                int first = random.Next(0, 300), last = first + random.Next(0, 20);
                builder.AddRange(first, last, foldCase: false);
                model.UnionWith(Enumerable.Range(first, last - first + 1));
            }

            RuneSet set = builder.Build(), complement = builder.BuildComplement();
            for (int rune = 0; rune < 330; rune++)
            {
                Assert.Equal(model.Contains(rune), set.Contains(rune));
                Assert.Equal(!model.Contains(rune), complement.Contains(rune));
            }

            Assert.Equal(model.Count, set.Count);
            Assert.Equal(RuneSet.MaxRune + 1 - model.Count, complement.Count);
            Assert.Equal(model.Order(), set.Runes());
        }
    }
}
