using System.Buffers;
using System.Text;
using Forethought.Regex.Matching;
using Forethought.Regex.Programs;
using Forethought.Regex.Syntax;

namespace Forethought.Regex;

/// <summary>
/// A regular expression with the syntax and the meaning of Go's <c>regexp</c> package (RE2), over UTF-8. Time is linear in the
/// text, whatever the pattern; memory is bounded. Immutable to its users and thread-safe.
/// </summary>
/// <remarks>
/// Bytes that are not valid UTF-8 each count as U+FFFD. Positions are byte offsets. Groups are those of the leftmost match, of
/// several the one that Perl would prefer.
/// </remarks>
public sealed class Re2Regex
{
    private readonly Engine _engine;

    private Re2Regex(string pattern, ParsedPattern parsed)
    {
        Pattern = pattern;
        GroupNames = parsed.GroupNames;
        _engine = new Engine(AnchoredBody.Of(parsed.Root));
    }

    /// <summary>The pattern as given.</summary>
    public string Pattern { get; }

    /// <summary>The number of capturing groups, the whole match not counted.</summary>
    public int GroupCount => GroupNames.Count - 1;

    /// <summary>The name of each group, empty if it has none. Index 0 is the whole match. Names may repeat.</summary>
    public IReadOnlyList<string> GroupNames { get; }

    /// <summary>The length of a span that holds all captures: begin and end for the whole match and for each group.</summary>
    public int CaptureLength => 2 * GroupNames.Count;

    /// <summary>Compiles a pattern that may match anywhere in a text, as Go's <c>regexp.Compile</c>.</summary>
    /// <exception cref="Re2SyntaxException">The pattern is not valid; the message is Go's.</exception>
    public static Re2Regex Compile(string pattern, Re2Options options = Re2Options.None)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ParseFlags flags = ParseFlags.None;
        if ((options & Re2Options.DotMatchesNewline) != 0)
            flags |= ParseFlags.DotMatchesNewline;
        if ((options & Re2Options.IgnoreCase) != 0)
            flags |= ParseFlags.FoldCase;
        return new Re2Regex(pattern, Parser.Parse(pattern, flags));
    }

    /// <summary>
    /// Compiles a pattern as relabelling and <c>label_replace</c> do: wrapped as <c>^(?s:pattern)$</c>. Like there, the wrapping is
    /// of the text: error messages show it, and <c>a)|(b</c> is accepted with the meaning that follows.
    /// </summary>
    /// <exception cref="Re2SyntaxException">The pattern is not valid; the message is Go's.</exception>
    public static Re2Regex CompileAnchored(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return new Re2Regex(pattern, Parser.Parse($"^(?s:{pattern})$", ParseFlags.None));
    }

    /// <summary>Whether the pattern matches (for an anchored one: the whole of) <paramref name="utf8"/>.</summary>
    public bool IsMatch(ReadOnlySpan<byte> utf8) => _engine.IsMatch(utf8);

    /// <summary>Finds the leftmost match and its groups.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="captures">
    /// Receives begin and end of the match, then of each group, -1 for one that took no part. At least 2 long; what is longer than
    /// <see cref="CaptureLength"/> is set to -1, groups beyond a shorter one are left out. Undefined if there is no match.
    /// </param>
    public bool TryMatch(ReadOnlySpan<byte> utf8, Span<int> captures) => TryFind(utf8, 0, captures);

    /// <summary>Finds the leftmost match that begins at or after <paramref name="start"/>; <c>^</c> still means the beginning of the text.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="start">A byte offset at the beginning of a rune, or the length of the text.</param>
    /// <param name="captures">As for <see cref="TryMatch"/>.</param>
    public bool TryFind(ReadOnlySpan<byte> utf8, int start, Span<int> captures)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)utf8.Length, nameof(start));
        ArgumentOutOfRangeException.ThrowIfLessThan(captures.Length, 2, nameof(captures));
        int used = Math.Min(captures.Length & ~1, CaptureLength);
        captures[used..].Fill(-1);
        return _engine.TryFind(utf8, start, captures[..used]);
    }

    /// <summary>
    /// Writes <paramref name="template"/> with references to groups replaced, as Go's <c>regexp.Expand</c>: <c>$1</c>, <c>${1}</c>,
    /// <c>$name</c>, <c>${name}</c>, and <c>$$</c> for a dollar sign. Unknown groups are empty.
    /// </summary>
    /// <param name="template">The template, UTF-8.</param>
    /// <param name="input">The text that was matched.</param>
    /// <param name="captures">What a successful match gave.</param>
    /// <param name="output">Receives the result.</param>
    public void Expand(ReadOnlySpan<byte> template, ReadOnlySpan<byte> input, ReadOnlySpan<int> captures, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        TemplateExpander.Expand(template, input, captures, GroupNames, output);
    }

    /// <summary>Writes <paramref name="input"/> with every match replaced by the expansion of <paramref name="template"/>, as Go's <c>ReplaceAll</c>.</summary>
    public void ReplaceAll(ReadOnlySpan<byte> input, ReadOnlySpan<byte> template, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var captures = new int[CaptureLength];
        int copied = 0;
        for (int search = 0; search <= input.Length && TryFind(input, search, captures);)
        {
            (int begin, int end) = (captures[0], captures[1]);
            output.Write(input[copied..begin]);
            // An empty match right after another one is not replaced.
            if (end > copied || begin == 0)
                TemplateExpander.Expand(template, input, captures, GroupNames, output);
            copied = end;

            int runeLength = 0;
            if (search < input.Length)
                Utf8Runes.Read(input, search, out runeLength);
            search = end > search ? Math.Max(end, search + runeLength) : search + Math.Max(1, runeLength);
        }

        output.Write(input[copied..]);
    }

    /// <summary><see cref="ReplaceAll(ReadOnlySpan{byte}, ReadOnlySpan{byte}, IBufferWriter{byte})"/> for strings.</summary>
    public string ReplaceAll(string input, string template)
    {
        var output = new ArrayBufferWriter<byte>();
        ReplaceAll(Encoding.UTF8.GetBytes(input), Encoding.UTF8.GetBytes(template), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The pattern.</summary>
    public override string ToString() => Pattern;
}
