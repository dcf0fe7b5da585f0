using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.PromQL.Execution;

/// <summary>The labels that series are matched by, numbered, with the rows of the side that has one series for each.</summary>
internal sealed class JoinSignatures(VectorMatching matching, bool oneIsLeft)
{
    private readonly LabelProjection _projection = matching.On
        ? LabelProjection.Keeping(matching.MatchingLabels)
        : LabelProjection.Dropping(["__name__", .. matching.MatchingLabels]);

    private readonly LabelIndex _index = new();
    private readonly List<List<SeriesRow>> _ones = [];
    private ulong[]? _repeated;
    private (int Signature, string First, string Second) _repetition;

    public int Count => _index.Count;

    /// <summary>Whether some step has two series with one signature on the side that may have only one.</summary>
    public bool HasRepetition => _repeated is not null;

    /// <summary>All rows of the side with one series.</summary>
    public IEnumerable<SeriesRow> OneRows => _ones.SelectMany(static rows => rows);

    /// <summary>The number of a series' signature; −1 if no series of the other side has it, unless it is to be added.</summary>
    public int Find(ReadOnlySpan<byte> labels, bool add)
    {
        ReadOnlySpan<byte> signature = _projection.Apply(labels);
        if (!add)
            return _index.Find(signature);
        int number = _index.GetOrAdd(signature);
        if (number == _ones.Count)
            _ones.Add([]);
        return number;
    }

    public IReadOnlyList<SeriesRow> OnesOf(int signature) => _ones[signature];

    public ReadOnlySpan<byte> LabelsOf(int signature) => _index[signature].Packed;

    /// <summary>Adds a row of the side that may have only one series for each signature and step; the row is kept.</summary>
    public void AddOne(SeriesRow row)
    {
        int signature = Find(row.Labels, add: true);
        foreach (SeriesRow earlier in _ones[signature])
        {
            if (!StepBits.Overlap(earlier.Present, row.Present))
                continue;
            if (_repeated is null)
                _repetition = (signature, Labels.FromPacked(row.Labels).ToString(), Labels.FromPacked(earlier.Labels).ToString());
            _repeated ??= new ulong[row.Present.Length];
            for (int word = 0; word < _repeated.Length; word++)
                _repeated[word] |= earlier.Present[word] & row.Present[word];
        }

        _ones[signature].Add(row);
    }

    /// <summary>
    /// Refuses several series with one signature. A step at which the other side has no series at all is not looked at, unless
    /// missing series are filled in.
    /// </summary>
    public void ThrowIfAmbiguous(ulong[] manyPresent, bool fills)
    {
        if (_repeated is null || !(fills || StepBits.Overlap(_repeated, manyPresent)))
            return;
        (int signature, string first, string second) = _repetition;
        if (string.CompareOrdinal(first, second) > 0)
            (first, second) = (second, first);
        throw new PromQlException(
            $"found duplicate series for the match group {_index[signature]} on the {(oneIsLeft ? "left" : "right")} hand-side of the operation: [{first}, {second}]"
            + ";many-to-many matching not allowed: matching labels must be unique on one side");
    }
}
