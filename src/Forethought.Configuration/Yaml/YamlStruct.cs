namespace Forethought.Configuration.Yaml;

/// <summary>
/// A section with named fields. One table serves both ways: it reads the fields in the document's order and prints them in the table's.
/// </summary>
/// <typeparam name="T">The section's type, a record.</typeparam>
internal sealed class YamlStruct<T> : YamlType<T>
{
    private readonly T _zero;
    private readonly Func<T, T>? _initialize;
    private readonly Func<T, T>? _validate;
    private readonly Dictionary<string, YamlField<T>> _byKey = new(StringComparer.Ordinal);
    private readonly List<YamlField<T>> _fields = [];

    /// <param name="name">The name in errors.</param>
    /// <param name="zero">The value of a null.</param>
    /// <param name="initialize">Makes the value the fields are assigned to; by default what the section held before.</param>
    /// <param name="validate">Checks and completes a section whose fields all had the right types.</param>
    internal YamlStruct(string name, T zero, Func<T, T>? initialize = null, Func<T, T>? validate = null)
        : base(name)
    {
        _zero = zero;
        _initialize = initialize;
        _validate = validate;
    }

    public override T Zero => _zero;

    internal IReadOnlyList<YamlField<T>> Fields => _fields;

    /// <summary>Adds a field; <paramref name="keepZero"/> prints it even when it is empty.</summary>
    internal YamlStruct<T> Field<TValue>(
        string key, YamlType<TValue> type, Func<T, TValue> get, Func<T, TValue, T> set, bool keepZero = false) =>
        Add(new YamlField<T>(
            key,
            (decoder, node, section) => set(section, decoder.Read(node, type, get(section))),
            section => get(section) is var value && !keepZero && type.IsZero(value) ? null : type.Write(get(section)) ?? YamlTypes.NullNode));

    /// <summary>Adds the fields of another section as if they were this one's.</summary>
    internal YamlStruct<T> Inline<TInner>(YamlStruct<TInner> inner, Func<T, TInner> get, Func<T, TInner, T> set)
    {
        foreach (YamlField<TInner> field in inner._fields)
        {
            Add(new YamlField<T>(
                field.Key,
                (decoder, node, section) => set(section, field.Read(decoder, node, get(section))),
                section => field.Write(get(section))));
        }

        return this;
    }

    internal YamlStruct<T> Add(YamlField<T> field)
    {
        _byKey.Add(field.Key, field);
        _fields.Add(field);
        return this;
    }

    internal override T Read(YamlDecoder decoder, YamlNode node, T current)
    {
        if (node is not YamlMapping mapping)
        {
            decoder.AddTypeError(node, Name);
            return current;
        }

        int errors = decoder.TypeErrorCount;
        T section = ReadFields(decoder, mapping, _initialize is null ? current : _initialize(current));
        return decoder.TypeErrorCount == errors && _validate is not null ? _validate(section) : section;
    }

    // Structs are never left out, as in Go, unless all their fields are.
    internal override bool IsZero(T value) => EqualityComparer<T>.Default.Equals(value, _zero);

    internal override YamlNode? Write(T value)
    {
        var entries = new List<KeyValuePair<YamlNode, YamlNode>>();
        foreach (YamlField<T> field in _fields)
        {
            if (field.Write(value) is { } node)
            {
                entries.Add(KeyValuePair.Create<YamlNode, YamlNode>(new YamlScalar(field.Key, YamlTags.String, false), node));
            }
        }

        return new YamlMapping(entries);
    }

    private T ReadFields(YamlDecoder decoder, YamlMapping mapping, T section)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach ((YamlNode keyNode, YamlNode valueNode) in mapping.Entries)
        {
            if (keyNode is YamlScalar { IsMergeKey: true })
            {
                decoder.Merge(valueNode, merged => section = ReadFields(decoder, merged, section));
                continue;
            }

            int errors = decoder.TypeErrorCount;
            string key = decoder.Read(keyNode, YamlTypes.Text, "");
            if (decoder.TypeErrorCount > errors)
            {
                continue;
            }

            if (!_byKey.TryGetValue(key, out YamlField<T>? field))
            {
                decoder.AddFieldError(keyNode, $"field {key} not found in type {Name}");
            }
            else if (!done.Add(key))
            {
                decoder.AddFieldError(keyNode, $"field {key} already set in type {Name}");
            }
            else
            {
                section = field.Read(decoder, valueNode, section);
            }
        }

        return section;
    }
}
