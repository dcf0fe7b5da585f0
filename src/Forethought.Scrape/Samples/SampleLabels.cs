using System.Text;
using System.Text.Unicode;
using Forethought.Encoding;
using Forethought.Exposition;
using Forethought.Model;

namespace Forethought.Scrape.Samples;

/// <summary>
/// Makes the labels under which a series is stored from those it is exposed with: the target's labels are added, metric relabelling is
/// applied, the result is checked. Reused; not thread-safe.
/// </summary>
internal sealed class SampleLabels
{
    private const string ExportedPrefix = "exported_";

    private readonly LabelsBuilder _labels = new();
    private readonly List<(byte[] Name, byte[] Value)> _conflicts = [];

    /// <summary>
    /// The packed labels of the series that the reader stands at; empty when relabelling drops it. Valid until the next call.
    /// </summary>
    /// <exception cref="ScrapeException">The labels are not valid or break a limit, which fails the scrape.</exception>
    public ReadOnlySpan<byte> Make(in ExpositionReader reader, Labels target, SampleRules rules, ScrapeMetrics metrics)
    {
        _labels.Clear();
        reader.AppendLabels(_labels);
        if (rules.HonorLabels)
            AddMissing(target);
        else
            AddAll(target);
        if (!rules.Relabeller.Apply(_labels))
            return default;
        CheckLengths();
        ReadOnlySpan<byte> packed = _labels.Pack();
        if (packed.IsEmpty)
            return default;
        Check(packed, rules, metrics);
        return packed;
    }

    // A label that is exposed without a value counts as exposed.
    private void AddMissing(Labels target)
    {
        int exposed = _labels.Slots;
        foreach (Label label in target)
        {
            bool isExposed = false;
            for (int i = 0; i < exposed && !isExposed; i++)
                isExposed = _labels.At(i).Name.SequenceEqual(label.Name);
            if (!isExposed)
                _labels.Append(label.Name, label.Value);
        }
    }

    private void AddAll(Labels target)
    {
        _conflicts.Clear();
        foreach (Label label in target)
        {
            ReadOnlySpan<byte> exposed = _labels.Get(label.Name);
            if (!exposed.IsEmpty)
                _conflicts.Add((label.Name.ToArray(), exposed.ToArray()));
            _labels.Set(label.Name, label.Value);
        }

        // Short names first: "exported_job" must be free for "job" before it is asked whether "exported_job" itself was exposed.
        foreach ((byte[] name, byte[] value) in _conflicts.OrderBy(conflict => conflict.Name.Length))
        {
            string renamed = System.Text.Encoding.UTF8.GetString(name);
            do
                renamed = ExportedPrefix + renamed;
            while (!_labels.Get(System.Text.Encoding.UTF8.GetBytes(renamed)).IsEmpty);
            _labels.Set(System.Text.Encoding.UTF8.GetBytes(renamed), value);
        }
    }

    // What the packed encoding can carry.
    private void CheckLengths()
    {
        for (int i = 0; i < _labels.Slots; i++)
        {
            int length = Math.Max(_labels.At(i).Name.Length, _labels.At(i).Value.Length);
            if (length > PackedLabels.MaxStringLength)
                throw new ScrapeException($"label name or value too long (length: {length}, limit: {PackedLabels.MaxStringLength})");
        }
    }

    private static void Check(ReadOnlySpan<byte> packed, SampleRules rules, ScrapeMetrics metrics)
    {
        ReadOnlySpan<byte> name = PackedLabels.Get(packed, LabelNames.MetricName);
        if (name.IsEmpty)
            throw new ScrapeException("missing metric name (__name__ label)");
        CheckNames(packed, rules.Validation);
        if (rules.LimitsLabels)
        {
            try
            {
                CheckLimits(packed, name, rules);
            }
            catch (ScrapeException)
            {
                metrics.ExceededLabelLimits.Inc();
                throw;
            }
        }

        if (PackedLabels.IsWellFormed(packed))
            return;
        ReadOnlySpan<byte> previous = default;
        foreach (Label label in new LabelEnumerator(packed))
        {
            if (label.Name.SequenceEqual(previous))
                throw new ScrapeException($"label name {GoQuote.Quote(label.Name)} is not unique: invalid sample");
            previous = label.Name;
        }
    }

    private static void CheckNames(ReadOnlySpan<byte> packed, NameValidation validation)
    {
        foreach (Label label in new LabelEnumerator(packed))
        {
            bool isValid = label.Name.SequenceEqual(LabelNames.MetricName)
                ? MetricNames.IsValidMetricName(label.Value, validation)
                : MetricNames.IsValidLabelName(label.Name, validation) && Utf8.IsValid(label.Value);
            if (!isValid)
                throw new ScrapeException($"invalid metric name or label names: {Print(packed)}");
        }
    }

    private static void CheckLimits(ReadOnlySpan<byte> packed, ReadOnlySpan<byte> name, SampleRules rules)
    {
        int count = PackedLabels.Count(packed);
        if (count > rules.LabelLimit)
        {
            throw new ScrapeException(
                $"label_limit exceeded (metric: {Short(name)}, number of labels: {count}, limit: {rules.LabelLimit})");
        }

        foreach (Label label in new LabelEnumerator(packed))
        {
            if (label.Name.Length > rules.NameLengthLimit)
            {
                throw new ScrapeException(
                    $"label_name_length_limit exceeded (metric: {Short(name)}, label name: {Short(label.Name)}, "
                    + $"length: {label.Name.Length}, limit: {rules.NameLengthLimit})");
            }

            if (label.Value.Length > rules.ValueLengthLimit)
            {
                throw new ScrapeException(
                    $"label_value_length_limit exceeded (metric: {Short(name)}, label name: {Short(label.Name)}, "
                    + $"value: {GoQuote.Quote(Short(label.Value))}, length: {label.Value.Length}, limit: {rules.ValueLengthLimit})");
            }
        }
    }

    private static string Print(ReadOnlySpan<byte> packed)
    {
        var text = new StringBuilder("{");
        foreach (Label label in new LabelEnumerator(packed))
        {
            if (text.Length > 1)
                text.Append(", ");
            if (MetricNames.IsLegacyLabelName(label.Name))
                text.Append(label.NameText);
            else
                GoQuote.Append(text, label.Name);
            text.Append('=');
            GoQuote.Append(text, label.Value);
        }

        return text.Append('}').ToString();
    }

    // The first 50 characters: Go's %.50s.
    private static string Short(ReadOnlySpan<byte> utf8)
    {
        string text = System.Text.Encoding.UTF8.GetString(utf8);
        return string.Concat(text.EnumerateRunes().Take(50).Select(rune => rune.ToString()));
    }
}
