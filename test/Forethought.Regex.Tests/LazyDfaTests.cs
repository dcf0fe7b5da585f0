using System.Text;
using Forethought.Regex.Matching;
using Forethought.Regex.Programs;
using Forethought.Regex.Syntax;

namespace Forethought.Regex.Tests;

public sealed class LazyDfaTests
{
    /// <summary>Its smallest automaton has 2^15 states: more than fit.</summary>
    private const string Exponential = "(a|b)*a(a|b){14}";

    [Fact]
    public void A_full_cache_is_flushed_and_the_answers_stay_right()
    {
        var dfa = new LazyDfa(Compile(Exponential), new DfaLimits(Transitions: 400, Places: 4000, FlushesPerText: 1000, Flushes: int.MaxValue));
        CheckAnswers(dfa, texts: 300);
        Assert.True(dfa.Flushes > 10, $"{dfa.Flushes} flushes");
        Assert.Equal(0, dfa.FallbackWork);
    }

    [Fact]
    public void A_text_that_fills_the_cache_too_often_is_finished_without_it()
    {
        var dfa = new LazyDfa(Compile(Exponential), new DfaLimits(Transitions: 400, Places: 4000, FlushesPerText: 1, Flushes: int.MaxValue));
        CheckAnswers(dfa, texts: 100, maxLength: 600);
        Assert.True(dfa.FallbackWork > 0);
    }

    [Fact]
    public void A_pattern_that_fills_the_cache_too_often_does_without_it_for_good()
    {
        var dfa = new LazyDfa(Compile(Exponential), new DfaLimits(Transitions: 400, Places: 4000, FlushesPerText: 1000, Flushes: 5));
        CheckAnswers(dfa, texts: 100);
        Assert.True(dfa.FallbackWork > 0);
        int flushes = dfa.Flushes;
        CheckAnswers(dfa, texts: 100);
        Assert.Equal(flushes, dfa.Flushes);
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(1000, 0)]
    public void Limits_too_small_for_the_first_state_are_no_error(int transitions, int places)
    {
        var dfa = new LazyDfa(Compile(Exponential), new DfaLimits(transitions, places, FlushesPerText: 2, Flushes: 5));
        CheckAnswers(dfa, texts: 20);
        Assert.True(dfa.FallbackWork > 0);
    }

    [Fact]
    public void The_default_limits_hold_on_a_hostile_pattern()
    {
        var dfa = new LazyDfa(Compile("(a|b)*a(a|b){30}"), DfaLimits.Default);
        var random = new Random(1);
        byte[] text = Encoding.ASCII.GetBytes(random.GetItems("ab".ToCharArray(), 200_000));
        Assert.Equal(text[^31] == (byte)'a', dfa.IsMatch(text));
        Assert.Equal(DfaLimits.Default.FlushesPerText, dfa.Flushes);
    }

    [Fact]
    public void Threads_may_share_an_automaton_that_flushes_all_the_time()
    {
        var dfa = new LazyDfa(Compile(Exponential), new DfaLimits(Transitions: 300, Places: 3000, FlushesPerText: 50, Flushes: int.MaxValue));
        int failures = 0;
        var threads = Enumerable.Range(0, 4).Select(seed => new Thread(() =>
        {
            try
            {
                CheckAnswers(dfa, texts: 200, seed);
            }
            catch (Exception)
            {
                Interlocked.Increment(ref failures);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0, failures);
    }

    [Theory]
    [InlineData("abc", 4)]
    [InlineData("[a-c][b-d]", 4)]
    [InlineData("\\pL+", 2)]
    [InlineData("(?i)k", 2)]
    [InlineData(".", 1)]
    [InlineData("(?m)^a", 3)]
    [InlineData("\\bé\\b", 3)]
    public void Runes_that_no_instruction_tells_apart_are_one_symbol(string pattern, int symbols)
    {
        RegexProgram program = Compile(pattern);
        Alphabet alphabet = Alphabet.Of(program)!;
        Assert.Equal(symbols, alphabet.Count);
        foreach (int rune in new[] { 0, '\n', 'a', 'b', 'd', 'k', 'K', 0x212A, 'é', 0x3B1, 0xFFFD, 0x10FFFF })
        {
            int example = alphabet.ExampleOf(alphabet.SymbolOf(rune));
            Assert.Equal(alphabet.SymbolOf(rune), alphabet.SymbolOf(example));
            foreach (RuneSet set in program.Sets)
                Assert.Equal(set.Contains(rune), set.Contains(example));
        }
    }

    [Fact]
    public void A_pattern_of_too_many_symbols_runs_without_automaton()
    {
        string pattern = string.Join('|', Enumerable.Range(0x4E00, 2000).Select(rune => $"{new Rune(rune)}.x"));
        RegexProgram program = Compile(pattern);
        Assert.Null(Alphabet.Of(program));
        var label = new LabelRegex(pattern);
        Assert.True(label.IsMatch("一-x"));
        Assert.False(label.IsMatch("a-x"));
    }

    private static RegexProgram Compile(string pattern) =>
        ProgramBuilder.Build(new AnchoredBody(Parser.Parse(pattern, ParseFlags.DotMatchesNewline).Root, AnchoredStart: true, AnchoredEnd: true));

    private static void CheckAnswers(LazyDfa dfa, int texts, int seed = 42, int maxLength = 60)
    {
        var random = new Random(seed);
        for (int i = 0; i < texts; i++)
        {
            byte[] text = Encoding.ASCII.GetBytes(random.GetItems("ab".ToCharArray(), random.Next(0, maxLength)));
            Assert.Equal(text.Length >= 15 && text[^15] == (byte)'a', dfa.IsMatch(text));
        }
    }
}
