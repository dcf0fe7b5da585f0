using Forethought.Encoding;
using Forethought.Regex;

namespace Forethought.Model;

/// <summary>One condition on a label: name, comparison, value. Immutable and safe to share between threads.</summary>
public sealed class Matcher : IEquatable<Matcher>
{
    private readonly byte[] _name;
    private readonly byte[] _value;

    /// <summary>Makes a matcher; a regular expression is compiled at once.</summary>
    /// <exception cref="Re2SyntaxException">The value is not a valid RE2 expression.</exception>
    public Matcher(MatchType type, string name, string value)
        : this(type, System.Text.Encoding.UTF8.GetBytes(name), System.Text.Encoding.UTF8.GetBytes(value))
    {
    }

    /// <summary>Makes a matcher of bytes, which need not be UTF-8 (queries can spell any); a regular expression is compiled at once.</summary>
    /// <exception cref="Re2SyntaxException">The value is not a valid RE2 expression.</exception>
    public Matcher(MatchType type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Type = type;
        Name = System.Text.Encoding.UTF8.GetString(name);
        Value = System.Text.Encoding.UTF8.GetString(value);
        _name = name.ToArray();
        _value = value.ToArray();
        if (type is MatchType.RegexMatch or MatchType.RegexNotMatch)
            Regex = new LabelRegex(value);
    }

    /// <summary>The comparison.</summary>
    public MatchType Type { get; }

    /// <summary>The label's name.</summary>
    public string Name { get; }

    /// <summary>The value or pattern compared with.</summary>
    public string Value { get; }

    /// <summary>The name as UTF-8.</summary>
    public ReadOnlySpan<byte> NameUtf8 => _name;

    /// <summary>The value or pattern as UTF-8.</summary>
    public ReadOnlySpan<byte> ValueUtf8 => _value;

    /// <summary>The compiled pattern of a regular-expression matcher, otherwise null.</summary>
    public LabelRegex? Regex { get; }

    /// <summary>Whether the matcher accepts a series that lacks the label.</summary>
    public bool MatchesEmpty => Matches(default);

    /// <summary>Whether the matcher accepts a value (empty: the label is absent).</summary>
    public bool Matches(ReadOnlySpan<byte> value) => Type switch
    {
        MatchType.Equal => value.SequenceEqual(_value),
        MatchType.NotEqual => !value.SequenceEqual(_value),
        MatchType.RegexMatch => Regex!.IsMatch(value),
        _ => !Regex!.IsMatch(value),
    };

    /// <summary>The matcher as PromQL writes it: <c>name="value"</c>, the name quoted where it is not a legacy name.</summary>
    public override string ToString()
    {
        string symbol = Type switch
        {
            MatchType.Equal => "=",
            MatchType.NotEqual => "!=",
            MatchType.RegexMatch => "=~",
            _ => "!~",
        };
        string name = MetricNames.IsLegacyLabelName(_name) ? Name : GoQuote.Quote(_name);
        return name + symbol + GoQuote.Quote(_value);
    }

    /// <inheritdoc/>
    public bool Equals(Matcher? other) => other is not null
        && Type == other.Type
        && NameUtf8.SequenceEqual(other._name)
        && ValueUtf8.SequenceEqual(other._value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Matcher);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Name, Value);
}
