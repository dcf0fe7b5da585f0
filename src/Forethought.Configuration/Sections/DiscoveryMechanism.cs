using Forethought.Configuration.Yaml;
using Forethought.Http;

namespace Forethought.Configuration.Sections;

/// <summary>
/// The keys of a discovery mechanism, as a table: each call adds a key with its type and default in upstream's order;
/// <see cref="Check"/> adds the rules between them. Built once, while the registry is made.
/// </summary>
internal sealed class DiscoveryMechanism
{
    private readonly string _name;
    private readonly YamlStruct<SectionValues> _section;
    private readonly List<string> _pathKeys = [];
    private SectionValues _defaults = SectionValues.Empty;
    private Action<SectionValues>? _check;
    private bool _hasHttp;
    private bool _skipsHttpValidation;

    /// <param name="name">The mechanism, as in <c>name_sd_configs</c>.</param>
    /// <param name="package">Its package upstream, which error texts name.</param>
    /// <param name="typeName">Its type upstream.</param>
    /// <param name="plainName">The name of the type in errors about its fields.</param>
    internal DiscoveryMechanism(string name, string? package = null, string typeName = "SDConfig", string plainName = "plain")
    {
        _name = name;
        GoType = $"{package ?? name}.{typeName}";
        _section = new YamlStruct<SectionValues>($"{package ?? name}.{plainName}", SectionValues.Empty);
        Type = new YamlStruct<GenericDiscoveryConfiguration>(_section.Name, null!);
    }

    internal string Key => _name + "_sd_configs";

    internal string GoType { get; }

    /// <summary>How items are read; complete after <see cref="Build"/>.</summary>
    internal YamlType<GenericDiscoveryConfiguration> Type { get; private set; }

    /// <summary>A filter by name and values.</summary>
    internal static YamlStruct<SectionValues> Filter(string name) => new YamlStruct<SectionValues>(name, SectionValues.Empty)
        .Value("name", YamlTypes.Text, keepZero: true)
        .Value("values", YamlTypes.Texts, keepZero: true);

    internal DiscoveryMechanism Text(string key, string value = "", bool keepZero = false) => Add(key, YamlTypes.Text, value, keepZero);

    internal DiscoveryMechanism Path(string key, bool keepZero = false)
    {
        _pathKeys.Add(key);
        return Text(key, keepZero: keepZero);
    }

    internal DiscoveryMechanism Secret(string key, bool keepZero = false) => Add(key, YamlTypes.Secret, default, keepZero);

    internal DiscoveryMechanism Texts(string key, bool keepZero = false) => Add(key, YamlTypes.Texts, [], keepZero);

    internal DiscoveryMechanism TextMap(string key) => Add(key, YamlTypes.TextMap, ValueMap<string>.Empty, false);

    internal DiscoveryMechanism Url(string key) => Add(key, YamlTypes.Url, null, false);

    internal DiscoveryMechanism Int(string key, long value, bool keepZero = true) => Add(key, YamlTypes.Int, value, keepZero);

    internal DiscoveryMechanism Bool(string key, bool value = false, bool keepZero = false) => Add(key, YamlTypes.Boolean, value, keepZero);

    internal DiscoveryMechanism Duration(string key, TimeSpan value, bool keepZero = false) => Add(key, YamlTypes.Duration, value, keepZero);

    internal DiscoveryMechanism Tls(string key) => Add(key, HttpSections.Tls, TlsSettings.None, false);

    internal DiscoveryMechanism Choice(string key, Func<string, string> error, string value, params string[] words) =>
        Add(key, YamlTypes.Choice("string", error, words), value, true);

    internal DiscoveryMechanism Nested(string key, YamlStruct<SectionValues> section) => Add(key, section, SectionValues.Empty, false);

    internal DiscoveryMechanism NestedList(string key, YamlStruct<SectionValues> item, bool keepZero = false) =>
        Add(key, new YamlList<SectionValues>(item), [], keepZero);

    internal DiscoveryMechanism Http()
    {
        _hasHttp = true;
        _defaults = _defaults with { Http = HttpClientSettings.Default };
        _section.Inline(HttpSections.Client, static values => values.Http, static (values, http) => values with { Http = http });
        return this;
    }

    /// <summary>HTTP keys that begin at zero values and are not checked, a quirk of <c>aws_sd_configs</c>.</summary>
    internal DiscoveryMechanism UncheckedHttp()
    {
        Http();
        _defaults = _defaults with { Http = HttpClientSettings.Zero };
        _skipsHttpValidation = true;
        return this;
    }

    internal DiscoveryMechanism Check(Action<SectionValues> check)
    {
        _check = check;
        return this;
    }

    internal DiscoveryMechanism Build()
    {
        ValueList<string> pathKeys = _pathKeys.ToValueList();
        GenericDiscoveryConfiguration Make(SectionValues values) => new(_name, values, pathKeys);
        Type = new YamlStruct<GenericDiscoveryConfiguration>(_section.Name, null!, _ => Make(_defaults), item => Make(Checked(item.Section)))
            .Inline(_section, static item => item.Section, (_, values) => Make(values));
        return this;
    }

    private DiscoveryMechanism Add<T>(string key, YamlType<T> type, T value, bool keepZero)
    {
        if (!type.IsZero(value))
        {
            _defaults = _defaults.With(key, value);
        }

        _section.Value(key, type, keepZero);
        return this;
    }

    private SectionValues Checked(SectionValues values)
    {
        _check?.Invoke(values);
        return _hasHttp && !_skipsHttpValidation ? values with { Http = values.Http.Validated() } : values;
    }
}
