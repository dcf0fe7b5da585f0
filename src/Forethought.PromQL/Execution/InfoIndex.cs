using System.Globalization;
using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>Info series by metric name and identifying labels, the one with the newest sample at each step.</summary>
internal sealed class InfoIndex(int steps)
{
    private static readonly byte[][] Identifying = ["instance"u8.ToArray(), "job"u8.ToArray()];

    private readonly LabelProjection _identity = LabelProjection.Keeping(["instance", "job"]);
    private readonly Dictionary<string, HashSet<string>> _wanted = [];
    private readonly LabelIndex _names = new();
    private readonly LabelIndex _identities = new();
    private readonly Dictionary<(int Name, int Identity), SeriesRow?[]> _series = [];

    /// <summary>Takes note of a series that wants info: only info series with such labels are looked at.</summary>
    public void AddIdentity(ReadOnlySpan<byte> labels)
    {
        foreach (byte[] name in Identifying)
        {
            ReadOnlySpan<byte> value = PackedLabels.Get(labels, name);
            if (value.IsEmpty)
                continue;
            string key = Convert.ToHexString(name);
            if (!_wanted.TryGetValue(key, out HashSet<string>? values))
                _wanted.Add(key, values = []);
            values.Add(Convert.ToHexString(value));
        }
    }

    /// <summary>Adds an info series, whose values are the times of its samples in milliseconds; the row is kept.</summary>
    /// <param name="row">The series.</param>
    /// <param name="present">The steps at which any series wants info.</param>
    /// <exception cref="PromQlException">Two series have equally new samples, or a sample is no float.</exception>
    public void AddInfo(SeriesRow row, ulong[] present)
    {
        if (!IsWanted(row.Labels))
            return;
        if (row.Histograms is not null)
            throw new PromQlException($"this should be an info metric, with float samples: {Labels.FromPacked(row.Labels)}");
        int name = _names.GetOrAdd(NameOf(row.Labels));
        int identity = _identities.GetOrAdd(_identity.Apply(row.Labels));
        if (!_series.TryGetValue((name, identity), out SeriesRow?[]? newest))
            _series.Add((name, identity), newest = new SeriesRow?[steps]);
        foreach (int step in StepBits.Walk(row.Present))
        {
            SeriesRow? existing = newest[step];
            if (existing is null || existing.Values[step] < row.Values[step])
                newest[step] = row;
            else if (existing.Values[step] == row.Values[step] && StepBits.Has(present, step))
                throw Duplicate(existing, row, step);
        }
    }

    /// <summary>For each info metric that has series with the identifying labels of a series: the info series by step.</summary>
    public IReadOnlyList<SeriesRow?[]> CandidatesFor(ReadOnlySpan<byte> labels)
    {
        int identity = _identities.Find(_identity.Apply(labels));
        var candidates = new List<SeriesRow?[]>();
        for (int name = 0; name < _names.Count; name++)
        {
            if (_series.TryGetValue((name, identity), out SeriesRow?[]? newest))
                candidates.Add(newest);
        }

        return candidates;
    }

    private bool IsWanted(ReadOnlySpan<byte> labels)
    {
        foreach (byte[] name in Identifying)
        {
            if (_wanted.TryGetValue(Convert.ToHexString(name), out HashSet<string>? values)
                && !values.Contains(Convert.ToHexString(PackedLabels.Get(labels, name))))
            {
                return false;
            }
        }

        return _wanted.Count > 0;
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> labels) => LabelProjection.Keeping(["__name__"]).Apply(labels);

    private static PromQlException Duplicate(SeriesRow existing, SeriesRow row, int step) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"found duplicate series for info metric: existing {Labels.FromPacked(existing.Labels)} @ {(long)existing.Values[step]}, new {Labels.FromPacked(row.Labels)} @ {(long)row.Values[step]}"));
}
