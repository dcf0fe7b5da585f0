using System.Text;
using Forethought.Regex.Matching;
using Forethought.Regex.Programs;
using Forethought.Regex.Rewriting;
using Forethought.Regex.Syntax;
using Oracle = System.Text.RegularExpressions.Regex;
using OracleOptions = System.Text.RegularExpressions.RegexOptions;

namespace Forethought.Regex.Tests;

/// <summary>Random patterns and texts: all ways to run a pattern give one answer, and it is that of an engine of another kind.</summary>
public sealed class EngineAgreementTests
{
    private static readonly DfaLimits NoAutomaton = new(Transitions: 0, Places: 0, FlushesPerText: 0, Flushes: 0);
    private static readonly DfaLimits TinyAutomaton = new(Transitions: 64, Places: 64, FlushesPerText: 100, Flushes: int.MaxValue);

    [Fact]
    public void Whole_matches_agree_with_the_oracle_and_with_each_other()
    {
        var random = new Random(20240601);
        var generator = new PatternGenerator(random, emptyChoices: false);
        int matches = 0, rewritten = 0;
        for (int round = 0; round < 4000; round++)
        {
            string pattern = generator.Next(random.Next(1, 6));
            var oracle = new Oracle($@"\A(?s:{pattern})\z", OracleOptions.CultureInvariant | OracleOptions.NonBacktracking);
            var label = new LabelRegex(pattern);
            RegexProgram program = ProgramBuilder.Build(new AnchoredBody(Parser.Parse(pattern, ParseFlags.DotMatchesNewline).Root, AnchoredStart: true, AnchoredEnd: true));
            LazyDfa[] automata = [new LazyDfa(program, DfaLimits.Default), new LazyDfa(program, TinyAutomaton), new LazyDfa(program, NoAutomaton)];
            rewritten += label.IsRewritten ? 1 : 0;
            for (int i = 0; i < 12; i++)
            {
                string text = generator.NextText(8);
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                bool expected = oracle.IsMatch(text);
                matches += expected ? 1 : 0;
                Assert.True(expected == label.IsMatch(utf8), $"{pattern} on {text}: expected {expected}");
                foreach (LazyDfa automaton in automata)
                    Assert.True(expected == automaton.IsMatch(utf8), $"{pattern} on {text}: an automaton says {!expected}");
                Assert.True(!expected || label.Prefix is null || text.StartsWith(label.Prefix, StringComparison.Ordinal), $"{pattern}: {label.Prefix} is no prefix");
                Assert.True(label.SetMatches is null || label.SetMatches.Contains(text) == expected, $"{pattern}: the set is wrong about {text}");
            }
        }

        Assert.InRange(matches, 2000, 46000);
        Assert.InRange(rewritten, 400, 3600);
    }

    [Fact]
    public void Groups_agree_with_a_backtracking_oracle()
    {
        var random = new Random(7);
        var generator = new PatternGenerator(random, emptyChoices: false);
        int matches = 0;
        for (int round = 0; round < 3000; round++)
        {
            string pattern = generator.Next(random.Next(1, 5));
            // Engines differ on rounds of a loop that match nothing; Go's own answers to those are tested by hand.
            if (HasEmptyRounds(Parser.Parse(pattern, ParseFlags.None).Root))
                continue;
            var oracle = new Oracle(pattern, OracleOptions.CultureInvariant);
            Re2Regex regex = Re2Regex.Compile(pattern);
            var captures = new int[regex.CaptureLength];
            for (int i = 0; i < 10; i++)
            {
                string text = generator.NextText(8);
                var match = oracle.Match(text);
                string expected = match.Success
                    ? string.Join(' ', match.Groups.Values.Select(group => group.Success ? $"{Offset(text, group.Index)}-{Offset(text, group.Index + group.Length)}" : "-"))
                    : "none";
                matches += match.Success ? 1 : 0;
                Assert.Equal((pattern, text, expected), (pattern, text, Describe(regex.TryMatch(Encoding.UTF8.GetBytes(text), captures), captures)));
                Assert.Equal(match.Success, regex.IsMatch(Encoding.UTF8.GetBytes(text)));
            }
        }

        Assert.True(matches > 5000);
    }

    [Fact]
    public void The_two_machines_for_groups_agree_with_each_other_and_the_automaton()
    {
        var random = new Random(99);
        var generator = new PatternGenerator(random, emptyChoices: true);
        string[] assertions = ["^", "$", "\\b", "\\B", "(?m:^)", "(?m:$)", "\\A", "\\z"];
        for (int round = 0; round < 3000; round++)
        {
            string pattern = generator.Next(random.Next(1, 4)) + assertions[random.Next(8)] + "?"[..random.Next(2)] + generator.Next(random.Next(1, 4));
            ParsedPattern parsed = Parser.Parse(pattern, ParseFlags.None);
            RegexProgram program = ProgramBuilder.Build(AnchoredBody.Of(parsed.Root));
            var backtracker = new Backtracker(program);
            var machine = new PikeMachine(program);
            var automaton = new LazyDfa(program, DfaLimits.Default);
            var simulation = new LazyDfa(program, NoAutomaton);
            int[] slots = new int[2 * parsed.GroupNames.Count], others = new int[slots.Length];
            for (int i = 0; i < 10; i++)
            {
                byte[] text = RandomBytes(generator, random);
                bool found = backtracker.TryFind(text, 0, slots);
                string expected = Describe(found, slots);
                Assert.Equal((pattern, expected), (pattern, Describe(machine.TryFind(text, 0, others), others)));
                Assert.Equal((pattern, found), (pattern, automaton.IsMatch(text)));
                Assert.Equal((pattern, found), (pattern, simulation.IsMatch(text)));

                int start = random.Next(text.Length + 1);
                if (program.AnchoredStart || (start < text.Length && (text[start] & 0xC0) == 0x80))
                    continue;
                Assert.Equal((pattern, Describe(backtracker.TryFind(text, start, slots), slots)), (pattern, Describe(machine.TryFind(text, start, others), others)));
            }
        }
    }

    [Fact]
    public void Invalid_bytes_match_as_the_replacement_rune_wherever_the_pattern_runs()
    {
        var random = new Random(123);
        var generator = new PatternGenerator(random, emptyChoices: true);
        for (int round = 0; round < 2000; round++)
        {
            string pattern = generator.Next(random.Next(1, 5));
            var label = new LabelRegex(pattern);
            for (int i = 0; i < 8; i++)
            {
                byte[] text = RandomBytes(generator, random);
                Assert.Equal((pattern, label.IsMatch(Replaced(text))), (pattern, label.IsMatch(text)));
            }
        }
    }

    [Fact]
    public void Rewriting_changes_no_answer()
    {
        var random = new Random(31);
        string[] parts = ["a", "b", "ab", ".*", ".+", "(a|b)", "(a.*|b)", "[ab]", "a?", "(?i:a)", "^", "$", "(|a)", "é"];
        int rewritten = 0;
        for (int round = 0; round < 3000; round++)
        {
            string pattern = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => parts[random.Next(parts.Length)]));
            Node root = Parser.Parse(pattern, ParseFlags.DotMatchesNewline).Root;
            ValueMatcher? matcher = SequenceExpander.Expand(root) is { } sequences ? ValueMatcherFactory.Create(sequences) : null;
            if (matcher is null)
                continue;
            rewritten++;
            var automaton = new LazyDfa(ProgramBuilder.Build(new AnchoredBody(root, AnchoredStart: true, AnchoredEnd: true)), DfaLimits.Default);
            var generator = new PatternGenerator(random, emptyChoices: true);
            for (int i = 0; i < 20; i++)
            {
                byte[] text = RandomBytes(generator, random);
                Assert.Equal((pattern, automaton.IsMatch(text)), (pattern, matcher.IsMatch(text)));
            }
        }

        Assert.True(rewritten > 1000);
    }

    private static byte[] RandomBytes(PatternGenerator generator, Random random)
    {
        byte[] text = Encoding.UTF8.GetBytes(generator.NextText(10));
        if (text.Length > 0 && random.Next(2) == 0)
            text[random.Next(text.Length)] = (byte)random.Next(256);
        return text;
    }

    /// <summary>The text with U+FFFD for every byte that is not UTF-8.</summary>
    private static byte[] Replaced(byte[] text)
    {
        var replaced = new List<byte>();
        for (int i = 0; i < text.Length;)
        {
            int rune = Utf8Runes.Read(text, i, out int length);
            replaced.AddRange(Encoding.UTF8.GetBytes(new Rune(rune).ToString()));
            i += length;
        }

        return [.. replaced];
    }

    private static string Describe(bool found, int[] captures) =>
        found ? string.Join(' ', captures.Chunk(2).Select(pair => pair[0] < 0 ? "-" : $"{pair[0]}-{pair[1]}")) : "none";

    private static int Offset(string text, int index) => Encoding.UTF8.GetByteCount(text.AsSpan(0, index));

    private static bool HasEmptyRounds(Node node) => node switch
    {
        RepeatNode repeat => repeat.Body.MatchesEmpty || HasEmptyRounds(repeat.Body),
        CaptureNode capture => HasEmptyRounds(capture.Body),
        ConcatNode sequence => sequence.Parts.Any(HasEmptyRounds),
        AlternateNode choice => choice.Alternatives.Any(HasEmptyRounds),
        _ => false,
    };
}
