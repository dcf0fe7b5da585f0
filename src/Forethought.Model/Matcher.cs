using Forethought.Regex;

namespace Forethought.Model;

/// <summary>One condition on a label: name, comparison, value. Immutable and safe to share between threads.</summary>
public sealed class Matcher : IEquatable<Matcher>
{
    private readonly byte[] _name;
    private readonly byte[] _value;

    /// <summary>Makes a matcher; a regular expression is compiled at once.</summary>
    /// <exception cref="FormatException">The value is not a valid RE2 expression.</exception>
    public Matcher(MatchType type, string name, string value)
    {
        Type = type;
        Name = name;
        Value = value;
        _name = System.Text.Encoding.UTF8.GetBytes(name);
        _value = System.Text.Encoding.UTF8.GetBytes(value);
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
    public bool Equals(Matcher? other) => other is not null && Type == other.Type && Name == other.Name && Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Matcher);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Name, Value);
}
