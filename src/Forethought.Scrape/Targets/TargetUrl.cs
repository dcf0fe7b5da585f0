using System.Text;
using Forethought.Http;
using Forethought.Model;

namespace Forethought.Scrape.Targets;

/// <summary>The URL of a target, escaped as Go's <c>net/url</c> does: it is part of the target's identity.</summary>
internal static class TargetUrl
{
    private const string ParameterPrefix = "__param_";
    private const string PathBytes = "-_.~$&+,/:;=@";
    private const string QueryBytes = "-_.~";

    public static string Build(Labels labels, ValueMap<ValueList<string>> parameters)
    {
        var url = new StringBuilder();
        url.Append(labels["__scheme__"]).Append("://").Append(labels["__address__"]);
        string path = labels["__metrics_path__"];
        if (path.Length > 0 && path[0] != '/')
            url.Append('/');
        Escape(url, path, PathBytes, spaceAsPlus: false);
        AppendQuery(url, labels, parameters);
        return url.ToString();
    }

    private static void AppendQuery(StringBuilder url, Labels labels, ValueMap<ValueList<string>> parameters)
    {
        var all = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach ((string name, ValueList<string> values) in parameters)
            all[name] = [.. values];
        foreach (Label label in labels)
        {
            string name = label.NameText;
            if (!name.StartsWith(ParameterPrefix, StringComparison.Ordinal))
                continue;
            if (all.TryGetValue(name[ParameterPrefix.Length..], out List<string>? values) && values.Count > 0)
                values[0] = label.ValueText;
            else
                all[name[ParameterPrefix.Length..]] = [label.ValueText];
        }

        char separator = '?';
        foreach ((string name, List<string> values) in all)
        {
            foreach (string value in values)
            {
                url.Append(separator);
                Escape(url, name, QueryBytes, spaceAsPlus: true);
                url.Append('=');
                Escape(url, value, QueryBytes, spaceAsPlus: true);
                separator = '&';
            }
        }
    }

    private static void Escape(StringBuilder url, string text, string plain, bool spaceAsPlus)
    {
        foreach (byte b in System.Text.Encoding.UTF8.GetBytes(text))
        {
            char c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || plain.Contains(c, StringComparison.Ordinal))
                url.Append(c);
            else if (c == ' ' && spaceAsPlus)
                url.Append('+');
            else
                url.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
