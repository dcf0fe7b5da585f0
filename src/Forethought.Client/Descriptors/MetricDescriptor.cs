using Forethought.Encoding;

namespace Forethought.Client;

/// <summary>
/// What is known of a metric family before it has a value: name, help, type, unit, the names of its labels, and labels whose value
/// never changes. Immutable and thread-safe.
/// </summary>
public sealed class MetricDescriptor
{
    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    private readonly string[] _labelNames;

    // Where the value of the i-th label in name order comes from: an index into the variable values, or ~index into _constantValues.
    private readonly int[] _valueSources;
    private readonly string[] _constantValues;

    /// <summary>Describes a family.</summary>
    /// <param name="name">Any non-empty UTF-8 text. A counter's name should end in <c>_total</c>.</param>
    /// <param name="help">One sentence on what is measured; may be empty.</param>
    /// <param name="type">What the samples mean.</param>
    /// <param name="labelNames">Labels whose values distinguish the metrics of the family, in the order in which values are given.</param>
    /// <param name="constantLabels">Labels with one value for every metric described by this object.</param>
    /// <param name="unit">The unit in the plural (<c>seconds</c>, <c>bytes</c>), shown by OpenMetrics only; empty for none.</param>
    /// <exception cref="ArgumentException">A name is not valid or occurs twice, or a constant value is not valid UTF-8.</exception>
    public MetricDescriptor(
        string name,
        string help,
        MetricType type,
        IReadOnlyList<string>? labelNames = null,
        IReadOnlyDictionary<string, string>? constantLabels = null,
        string unit = "")
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(help);
        ArgumentNullException.ThrowIfNull(unit);
        Name = name;
        Help = help;
        Unit = unit;
        Type = type;
        ConstantLabels = constantLabels ?? NoLabels;
        _labelNames = labelNames is null ? [] : [.. labelNames];
        Validate();

        List<(string Name, int Source)> labels = [];
        for (int i = 0; i < _labelNames.Length; i++)
            labels.Add((_labelNames[i], i));
        string[] constantNames = [.. ConstantLabels.Keys.Order(StringComparer.Ordinal)];
        for (int i = 0; i < constantNames.Length; i++)
            labels.Add((constantNames[i], ~i));
        labels.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));

        _constantValues = [.. constantNames.Select(constant => ConstantLabels[constant])];
        _valueSources = [.. labels.Select(label => label.Source)];
        SortedLabelNames = [.. labels.Select(label => label.Name)];
        SortedLabelNamesUtf8 = [.. SortedLabelNames.Select(System.Text.Encoding.UTF8.GetBytes)];
        NameUtf8 = System.Text.Encoding.UTF8.GetBytes(name);
        Identity = string.Join('\xFF', [name, .. _constantValues]);
        AsList = [this];
    }

    /// <summary>The family's name.</summary>
    public string Name { get; }

    /// <summary>What is measured.</summary>
    public string Help { get; }

    /// <summary>The unit, or empty.</summary>
    public string Unit { get; }

    /// <summary>What the samples mean.</summary>
    public MetricType Type { get; }

    /// <summary>The names of the variable labels, in the order in which values are given.</summary>
    public IReadOnlyList<string> LabelNames => _labelNames;

    /// <summary>The labels with one value.</summary>
    public IReadOnlyDictionary<string, string> ConstantLabels { get; }

    internal byte[] NameUtf8 { get; }

    /// <summary>Every label name, constant ones too, in the order in which they are exposed.</summary>
    internal string[] SortedLabelNames { get; }

    internal byte[][] SortedLabelNamesUtf8 { get; }

    /// <summary>Equal for descriptors that would expose the same series: the name and the constant values.</summary>
    internal string Identity { get; }

    /// <summary>This descriptor alone, for collectors that have no other.</summary>
    internal IReadOnlyList<MetricDescriptor> AsList { get; }

    /// <summary>The form in which errors name a descriptor.</summary>
    public override string ToString()
    {
        IEnumerable<string> constants = ConstantLabels.OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $"{label.Key}={GoQuote.Quote(label.Value)}");
        return $"Desc{{fqName: {GoQuote.Quote(Name)}, help: {GoQuote.Quote(Help)}, unit: {GoQuote.Quote(Unit)}, "
            + $"constLabels: {{{string.Join(',', constants)}}}, variableLabels: {{{string.Join(',', _labelNames)}}}}}";
    }

    /// <summary>Whether both may stand under one name: same help, unit, type, and the same labels, constant and variable.</summary>
    internal bool HasSameDimensions(MetricDescriptor other) =>
        Help == other.Help && Unit == other.Unit && Type == other.Type
        && ConstantLabels.Count == other.ConstantLabels.Count
        && SortedLabelNames.AsSpan().SequenceEqual(other.SortedLabelNames)
        && ConstantLabels.Keys.All(other.ConstantLabels.ContainsKey);

    /// <summary>The place of a variable label's value; −1 if there is no such label.</summary>
    internal int IndexOfLabel(string labelName) => Array.IndexOf(_labelNames, labelName);

    /// <summary>
    /// Puts the values of all labels into <paramref name="destination"/>, in name order; both spans must have their exact length.
    /// </summary>
    internal void OrderLabels(ReadOnlySpan<string> values, Span<string> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            int source = _valueSources[i];
            destination[i] = source >= 0 ? values[source] : _constantValues[~source];
        }
    }

    /// <exception cref="ArgumentException">There are more or fewer values than variable labels.</exception>
    internal void CheckCardinality(ReadOnlySpan<string> values)
    {
        if (values.Length != _labelNames.Length)
        {
            throw new ArgumentException(
                $"inconsistent label cardinality: expected {_labelNames.Length} label values but got {values.Length} "
                + $"in []string{{{string.Join(", ", values.ToArray().Select(static value => GoQuote.Quote(value)))}}}");
        }
    }

    /// <exception cref="ArgumentException">A value is not valid UTF-8.</exception>
    internal static void CheckLabelValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!MetricName.IsUtf8(value))
            throw new ArgumentException($"label value {GoQuote.Quote(value)} is not valid UTF-8");
    }

    private void Validate()
    {
        if (!MetricName.IsValidMetricName(Name))
            throw new ArgumentException($"{GoQuote.Quote(Name)} is not a valid metric name");
        foreach (string label in ConstantLabels.Keys.Concat(_labelNames))
        {
            if (!MetricName.IsValidLabelName(label))
                throw new ArgumentException($"{GoQuote.Quote(label)} is not a valid label name for metric {GoQuote.Quote(Name)}");
            if (label == "quantile" && Type == MetricType.Summary)
                throw new ArgumentException("\"quantile\" is not allowed as label name in summaries");
            if (label == "le" && (Type is MetricType.Histogram or MetricType.GaugeHistogram))
                throw new ArgumentException("\"le\" is not allowed as label name in histograms");
        }

        foreach (string value in ConstantLabels.Values)
            CheckLabelValue(value);
        if (ConstantLabels.Keys.Concat(_labelNames).Distinct().Count() != ConstantLabels.Count + _labelNames.Length)
            throw new ArgumentException($"duplicate label names in constant and variable labels for metric {GoQuote.Quote(Name)}");
    }
}
