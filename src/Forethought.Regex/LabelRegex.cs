using System.Buffers;
using System.Text;
using Forethought.Regex.Matching;
using Forethought.Regex.Programs;
using Forethought.Regex.Rewriting;
using Forethought.Regex.Syntax;

namespace Forethought.Regex;

/// <summary>
/// The pattern of a label matcher: it must match the whole value, and <c>.</c> matches newlines. Matching takes time linear in
/// the value and does not allocate once the states it needs are built. Immutable to its users and thread-safe; worth caching.
/// </summary>
/// <remarks>
/// Patterns that come down to literals, sets, prefixes, suffixes, text contained in order or choices of those are matched by
/// comparisons (nanoseconds); all others by an automaton (tens of nanoseconds for ordinary label values).
/// </remarks>
public sealed class LabelRegex
{
    private static readonly SearchValues<char> MetaCharacters = SearchValues.Create(@"\.+*?()[]{}^$");

    private readonly ValueMatcher? _literals;
    private readonly Engine? _engine;

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="Re2SyntaxException">The pattern is not valid; the message is Go's.</exception>
    public LabelRegex(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Pattern = pattern;
        if (pattern.AsSpan().IndexOfAny(MetaCharacters) < 0)
        {
            // Literals are not parsed, so they may hold bytes that are not UTF-8; upstream has it so.
            string[] literals = [.. pattern.Split('|').Distinct()];
            _literals = literals is [var only] ? new EqualMatcher(PatternText.ToUtf8(only)) : new SetMatcher([.. literals.Select(PatternText.ToUtf8)]);
            SetMatches = PatternText.IsWellFormed(pattern) ? literals : null;
            Prefix = literals is [{ Length: > 0 }] ? SetMatches?[0] : null;
            return;
        }

        Node body = AnchoredBody.Of(Parser.Parse(pattern, ParseFlags.DotMatchesNewline).Root).Root;
        _engine = new Engine(new AnchoredBody(body, AnchoredStart: true, AnchoredEnd: true));
        Prefix = _engine.Prefix.Length > 0 ? _engine.Prefix : null;
        SetMatches = _engine.SetMatches;
    }

    /// <summary>
    /// Compiles a pattern of bytes that may not be UTF-8: as in Prometheus they are accepted in literals and choices of literals.
    /// </summary>
    /// <exception cref="Re2SyntaxException">The pattern is not valid; the message is Go's.</exception>
    public LabelRegex(ReadOnlySpan<byte> utf8Pattern)
        : this(PatternText.FromUtf8(utf8Pattern))
    {
    }

    /// <summary>The pattern as given.</summary>
    public string Pattern { get; }

    /// <summary>
    /// The values that match if they are finitely many and few enough to be listed, each once, the empty one included if it
    /// matches; else null. A value matches exactly if it is in the list.
    /// </summary>
    public IReadOnlyList<string>? SetMatches { get; }

    /// <summary>The text with which every matching value begins, or null if none is known.</summary>
    public string? Prefix { get; }

    /// <summary>Whether values are matched by comparisons instead of an automaton.</summary>
    internal bool IsRewritten => _literals is not null || _engine!.IsRewritten;

    /// <summary>Whether the whole of <paramref name="utf8Value"/> matches. A byte that is not UTF-8 counts as U+FFFD.</summary>
    public bool IsMatch(ReadOnlySpan<byte> utf8Value) => _literals is not null ? _literals.IsMatch(utf8Value) : _engine!.IsMatch(utf8Value);

    /// <summary>Whether the whole of <paramref name="value"/> matches.</summary>
    public bool IsMatch(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        byte[] rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(value.Length));
        bool matches = IsMatch(rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return matches;
    }

    /// <summary>The pattern.</summary>
    public override string ToString() => Pattern;
}
