using System.Globalization;

namespace Forethought.PromQL.Execution;

/// <summary>
/// The warnings and infos of one query. What was met several times is one note. Filled while the query runs, by one thread at
/// a time; read it afterwards.
/// </summary>
public sealed class QueryAnnotations
{
    private readonly Dictionary<string, Annotation> _byText = new(StringComparer.Ordinal);
    private readonly List<string> _storageWarnings = [];
    private readonly byte[] _query;

    internal QueryAnnotations(string query) => _query = System.Text.Encoding.UTF8.GetBytes(query);

    /// <summary>Whether there is nothing to tell.</summary>
    public bool IsEmpty => _byText.Count == 0 && _storageWarnings.Count == 0;

    /// <summary>The texts, each with its position in the query.</summary>
    /// <param name="maxWarnings">The most warnings to return, 0 for all; what is left out is told in one more text.</param>
    /// <param name="maxInfos">The most infos to return, likewise.</param>
    public (IReadOnlyList<string> Warnings, IReadOnlyList<string> Infos) ToTexts(int maxWarnings = 10, int maxInfos = 10)
    {
        var warnings = new List<string>(_storageWarnings);
        var infos = new List<string>();
        foreach (Annotation annotation in _byText.Values)
            (annotation.IsInfo ? infos : warnings).Add(annotation.Render(_query));
        return (Limit(warnings, maxWarnings, "warning"), Limit(infos, maxInfos, "info"));
    }

    internal void Add(Annotation annotation)
    {
        if (_byText.TryGetValue(annotation.Text, out Annotation? existing))
            existing.Merge(annotation);
        else
            _byText.Add(annotation.Text, annotation);
    }

    internal void AddStorageWarnings(IReadOnlyList<string> warnings)
    {
        foreach (string warning in warnings)
        {
            if (!_storageWarnings.Contains(warning))
                _storageWarnings.Add(warning);
        }
    }

    private static List<string> Limit(List<string> texts, int max, string kind)
    {
        int omitted = texts.Count - max;
        if (max == 0 || omitted <= 0)
            return texts;
        texts.RemoveRange(max, omitted);
        texts.Add(string.Create(CultureInfo.InvariantCulture, $"{omitted} more {kind} annotations omitted"));
        return texts;
    }
}
