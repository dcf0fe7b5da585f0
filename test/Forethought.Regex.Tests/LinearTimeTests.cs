using System.Text;
using Forethought.Regex.Matching;
using Forethought.Regex.Programs;
using Forethought.Regex.Syntax;

namespace Forethought.Regex.Tests;

/// <summary>Work is counted in instructions, not in time: it may not exceed the product of the lengths of program and text by more than a small factor.</summary>
public sealed class LinearTimeTests
{
    private const int Length = 100_000;

    private static readonly DfaLimits NoAutomaton = new(Transitions: 0, Places: 0, FlushesPerText: 0, Flushes: 0);

    public static TheoryData<string> Pathological =>
    [
        "(a*)*b", "(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*)*b", "((a?){9}a{9})*b", "(x+x+)+y|(a*a*)*b", "(?:a*a*a*a*)*b", ".*.*.*.*b", "(|a)*b", "((a*)*)*b",
    ];

    [Theory]
    [MemberData(nameof(Pathological))]
    public void Simulation_is_linear(string pattern)
    {
        RegexProgram program = Compile(pattern, anchored: true);
        var dfa = new LazyDfa(program, NoAutomaton);
        Assert.False(dfa.IsMatch(Text()));
        Assert.InRange(dfa.FallbackWork, Length, 3L * program.Length * (Length + 1));
    }

    [Theory]
    [MemberData(nameof(Pathological))]
    public void Finding_groups_is_linear(string pattern)
    {
        RegexProgram program = Compile(pattern, anchored: false);
        var machine = new PikeMachine(program);
        Assert.False(machine.TryFind(Text(), 0, new int[2 * 5]));
        Assert.InRange(machine.Work, Length, 2L * program.Length * (Length + 1));

        byte[] small = Text().AsSpan(0, 1000).ToArray();
        Assert.True(Backtracker.Fits(program, small.Length));
        var backtracker = new Backtracker(program);
        Assert.False(backtracker.TryFind(small, 0, new int[2 * 5]));
        Assert.InRange(backtracker.Work, 1000, (long)program.Length * (small.Length + 1));
    }

    [Theory]
    [MemberData(nameof(Pathological))]
    public void The_automaton_needs_few_states(string pattern)
    {
        var label = new LabelRegex($"(?:{pattern})[0-9]");
        Assert.False(label.IsMatch(Text()));
        byte[] matching = [.. Text(), (byte)'b', (byte)'7'];
        Assert.True(label.IsMatch(matching));

        var dfa = new LazyDfa(Compile(pattern, anchored: true), DfaLimits.Default);
        Assert.False(dfa.IsMatch(Text()));
        Assert.Equal((0, 0L), (dfa.Flushes, dfa.FallbackWork));
    }

    [Fact]
    public void Too_large_for_the_backtracker_goes_to_the_machine()
    {
        Re2Regex regex = Re2Regex.CompileAnchored("(a*)*(b)");
        var captures = new int[regex.CaptureLength];
        byte[] text = [.. Text(), (byte)'b'];
        Assert.False(Backtracker.Fits(ProgramBuilder.Build(AnchoredBody.Of(Parser.Parse("(a*)*(b)", ParseFlags.None).Root)), text.Length));
        Assert.True(regex.TryMatch(text, captures));
        Assert.Equal([0, Length + 1, 0, Length, Length, Length + 1], captures);
        Assert.False(regex.TryMatch(Text(), captures));
    }

    private static RegexProgram Compile(string pattern, bool anchored) =>
        ProgramBuilder.Build(new AnchoredBody(Parser.Parse(pattern, ParseFlags.DotMatchesNewline).Root, anchored, anchored));

    private static byte[] Text() => Encoding.ASCII.GetBytes(new string('a', Length));
}
