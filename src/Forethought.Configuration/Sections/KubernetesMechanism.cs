using Forethought.Configuration.Yaml;
using Forethought.Encoding;
using Forethought.Http;
using static Forethought.Configuration.Sections.DiscoveryChecks;

namespace Forethought.Configuration.Sections;

/// <summary>The keys and rules of <c>kubernetes_sd_configs</c>.</summary>
internal static class KubernetesMechanism
{
    private static readonly string[] Roles = ["node", "pod", "service", "endpoints", "endpointslice", "ingress"];

    private static readonly YamlParsed<string> Role = YamlTypes.Choice("string", UnknownRole, Roles);

    private static readonly YamlStruct<SectionValues> Namespaces =
        new YamlStruct<SectionValues>("kubernetes.plain", SectionValues.Empty, static _ => SectionValues.Empty)
        .Value("own_namespace", YamlTypes.Boolean, keepZero: true)
        .Value("names", YamlTypes.Texts, keepZero: true);

    private static readonly YamlStruct<SectionValues> Selector =
        new YamlStruct<SectionValues>("kubernetes.SelectorConfig", SectionValues.Empty)
        .Value("role", Role)
        .Value("label", YamlTypes.Text)
        .Value("field", YamlTypes.Text);

    private static readonly YamlStruct<SectionValues> Metadata =
        new YamlStruct<SectionValues>("kubernetes.AttachMetadataConfig", SectionValues.Empty)
        .Value("node", YamlTypes.Boolean, keepZero: true)
        .Value("namespace", YamlTypes.Boolean, keepZero: true)
        .Value("deployment", YamlTypes.Boolean, keepZero: true)
        .Value("job", YamlTypes.Boolean, keepZero: true)
        .Value("cronjob", YamlTypes.Boolean, keepZero: true);

    internal static DiscoveryMechanism Create() => new DiscoveryMechanism("kubernetes")
        .Url("api_server")
        .Choice("role", UnknownRole, "", Roles)
        .Path("kubeconfig_file", keepZero: true)
        .Http()
        .Nested("namespaces", Namespaces)
        .NestedList("selectors", Selector)
        .Nested("attach_metadata", Metadata)
        .Check(Check)
        .Build();

    private static void Check(SectionValues values)
    {
        string role = values.Text("role");
        Require(role.Length > 0, "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)");
        HttpClientSettings http = values.Http.Validated();
        bool hasServer = values.Get<ConfiguredUrl?>("api_server", null) is not null;
        bool hasKubeConfig = values.Text("kubeconfig_file").Length > 0;
        bool customHttp = !http.Equals(HttpClientSettings.Default);
        bool ownNamespace = values.Get("namespaces", SectionValues.Empty).Get("own_namespace", false);
        Require(!hasServer || !hasKubeConfig, "cannot use 'kubeconfig_file' and 'api_server' simultaneously");
        Require(!hasKubeConfig || !customHttp, "cannot use a custom HTTP client configuration together with 'kubeconfig_file'");
        Require(hasServer || !customHttp, "to use custom HTTP client configuration please provide the 'api_server' URL explicitly");
        Require(!hasServer || !ownNamespace, "cannot use 'api_server' and 'namespaces.own_namespace' simultaneously");
        Require(!hasKubeConfig || !ownNamespace, "cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously");
        CheckSelectors(role, values.Get("selectors", ValueList<SectionValues>.Empty));
    }

    private static void CheckSelectors(string role, ValueList<SectionValues> selectors)
    {
        string[] allowed = role switch
        {
            "pod" => ["pod", "node"],
            "endpoints" => ["pod", "service", "endpoints"],
            "endpointslice" => ["pod", "service", "endpointslice"],
            _ => [role],
        };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (SectionValues selector in selectors)
        {
            string selected = selector.Text("role");
            Require(seen.Add(selected), $"duplicated selector role: {selected}");
            Require(allowed.Contains(selected), $"{role} role supports only {string.Join(", ", allowed)} selectors");
            CheckFieldSelector(selector.Text("field"));
        }
    }

    // Terms "field=value", "field==value" or "field!=value", separated by commas; a backslash escapes the next character.
    private static void CheckFieldSelector(string selector)
    {
        int start = 0;
        bool hasOperator = false;
        for (int i = 0; i <= selector.Length; i++)
        {
            if (i == selector.Length || selector[i] == ',')
            {
                string term = selector[start..i];
                Require(term.Length == 0 || hasOperator, $"invalid selector: '{selector}'; can't understand '{term}'");
                (start, hasOperator) = (i + 1, false);
            }
            else if (selector[i] == '\\')
            {
                i++;
            }
            else
            {
                hasOperator |= selector[i] == '=';
            }
        }
    }

    private static string UnknownRole(string text) => $"unknown Kubernetes SD role {GoQuote.Quote(text)}";
}
