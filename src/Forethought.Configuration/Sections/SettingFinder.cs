using Forethought.Configuration.Yaml;

namespace Forethought.Configuration.Sections;

/// <summary>
/// Finds where settings stand in a document that has already been decoded, aliases and merge keys followed: the decoder has bounded
/// them. For one document.
/// </summary>
internal sealed class SettingFinder
{
    private const string Items = "[]";

    private readonly string _file;
    private readonly List<UnsupportedSetting> _found = [];

    private SettingFinder(string file) => _file = file;

    /// <summary>The settings that are set, in the order of the document, each place once.</summary>
    /// <param name="root">The document.</param>
    /// <param name="paths">The settings, as in <see cref="ConfigurationOptions.UnsupportedSettings"/>.</param>
    /// <param name="file">The name of the file in what is found.</param>
    internal static IEnumerable<UnsupportedSetting> Find(YamlNode? root, IReadOnlyCollection<string> paths, string file)
    {
        if (root is null)
        {
            return [];
        }

        var finder = new SettingFinder(file);
        finder.Visit(root, root.Line, [.. paths.Select(static path => new Search(path))]);
        return finder._found.Distinct();
    }

    private void Visit(YamlNode node, int line, IReadOnlyList<Search> searches)
    {
        node = Target(node);
        foreach (Search search in searches)
        {
            if (search.IsAtEnd && search.Accepts(node))
            {
                _found.Add(new UnsupportedSetting(search.Path, _file, line));
            }
        }

        switch (node)
        {
            case YamlSequence sequence when Descend(searches, Items) is { Count: > 0 } inner:
                foreach (YamlNode item in sequence.Items)
                {
                    Visit(item, item.Line, inner);
                }

                break;
            case YamlMapping mapping:
                foreach ((YamlNode key, YamlNode value) in Effective(mapping))
                {
                    if (Descend(searches, ((YamlScalar)key).Value) is { Count: > 0 } below)
                    {
                        Visit(value, key.Line, below);
                    }
                }

                break;
        }
    }

    private static List<Search> Descend(IReadOnlyList<Search> searches, string step) =>
        [.. searches.Where(search => search.Next == step).Select(static search => search.Below())];

    // What a mapping says after its merge keys: of several values for a key, the last counts.
    private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> Effective(YamlMapping mapping)
    {
        var entries = new OrderedDictionary<string, KeyValuePair<YamlNode, YamlNode>>(StringComparer.Ordinal);
        foreach (KeyValuePair<YamlNode, YamlNode> entry in mapping.Entries)
        {
            if (Target(entry.Key) is not YamlScalar key)
            {
                continue;
            }

            IEnumerable<KeyValuePair<YamlNode, YamlNode>> brought = key.IsMergeKey ? Merged(entry.Value) : [KeyValuePair.Create<YamlNode, YamlNode>(key, entry.Value)];
            foreach (KeyValuePair<YamlNode, YamlNode> one in brought)
            {
                entries[((YamlScalar)one.Key).Value] = one;
            }
        }

        return entries.Values;
    }

    private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> Merged(YamlNode value) =>
        (value is YamlSequence sequence ? sequence.Items.Reverse() : [value]).Select(Target).OfType<YamlMapping>().SelectMany(Effective);

    private static YamlNode Target(YamlNode node) => node is YamlAlias alias ? alias.Target : node;

    /// <summary>A setting that is looked for, and how far along its path the search has come.</summary>
    private readonly struct Search
    {
        private readonly string[] _steps;
        private readonly int _done;
        private readonly string? _value;

        internal Search(string path)
        {
            Path = path;
            string[] sides = path.Split('=', 2);
            _value = sides.Length > 1 ? sides[1] : null;
            _steps = sides[0].Replace(Items, "." + Items, StringComparison.Ordinal).Split('.');
        }

        private Search(Search outer)
        {
            this = outer;
            _done++;
        }

        internal string Path { get; }

        internal bool IsAtEnd => _done == _steps.Length;

        internal string? Next => IsAtEnd ? null : _steps[_done];

        internal Search Below() => new(this);

        internal bool Accepts(YamlNode node) => node switch
        {
            YamlMapping mapping => _value is null && mapping.Entries.Count > 0,
            YamlSequence sequence => _value is null && sequence.Items.Count > 0,
            YamlScalar scalar => _value is null ? !IsOff(scalar) : scalar.Value == _value,
            _ => false,
        };

        private static bool IsOff(YamlScalar scalar)
        {
            ResolvedScalar value = ScalarResolver.Resolve(scalar);
            return value.Kind switch
            {
                ScalarKind.Null => true,
                ScalarKind.Boolean => !value.Boolean,
                ScalarKind.Integer => value.Integer == 0,
                ScalarKind.Float => value.Float == 0,
                ScalarKind.String => value.Text.Length == 0 || (value.Text[0] == '0' && value.Text.AsSpan(1).IndexOfAnyExceptInRange('A', 'z') < 0),
                _ => false,
            };
        }
    }
}
