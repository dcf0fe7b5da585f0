using System.Text.Json;
using System.Text.Unicode;
using Forethought.Configuration;
using Forethought.Http;

namespace Forethought.Discovery;

/// <summary>Target groups in JSON, as files and HTTP answers hold them.</summary>
internal static class JsonTargetGroups
{
    /// <exception cref="FormatException">The text is not a list of groups.</exception>
    internal static ValueList<StaticTargetGroup> Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(WithValidText(utf8));
            return document.RootElement.ValueKind == JsonValueKind.Null ? [] : Items(document.RootElement, "[]*targetgroup.Group", Group);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    // Go reads bytes that are no UTF-8 as replacement characters; the runtime refuses them.
    private static ReadOnlyMemory<byte> WithValidText(ReadOnlyMemory<byte> utf8) =>
        Utf8.IsValid(utf8.Span) ? utf8 : System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(utf8.Span));

    private static StaticTargetGroup Group(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            throw new FormatException("nil target group item found");
        }

        Expect(element, JsonValueKind.Object, "targetgroup.Group");
        var group = StaticTargetGroup.Empty;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            // Go matches names without regard to case.
            if (property.Name.Equals("targets", StringComparison.OrdinalIgnoreCase))
            {
                group = group with { Targets = property.Value.ValueKind == JsonValueKind.Null ? [] : Items(property.Value, "[]string", Text) };
            }
            else if (property.Name.Equals("labels", StringComparison.OrdinalIgnoreCase))
            {
                group = group with { Labels = Labels(property.Value) };
            }
            else
            {
                throw new FormatException($"json: unknown field \"{property.Name}\"");
            }
        }

        return group;
    }

    private static ValueMap<string> Labels(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            return ValueMap<string>.Empty;
        }

        Expect(element, JsonValueKind.Object, "model.LabelSet");
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            labels[property.Name.Length > 0 ? property.Name : throw new FormatException(
                "\"\" is not a valid label name")] = Text(property.Value);
        }

        return new ValueMap<string>(labels);
    }

    private static ValueList<T> Items<T>(JsonElement element, string type, Func<JsonElement, T> read)
    {
        Expect(element, JsonValueKind.Array, type);
        return element.EnumerateArray().Select(read).ToValueList();
    }

    private static string Text(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            return "";
        }

        Expect(element, JsonValueKind.String, "string");
        return element.GetString()!;
    }

    private static void Expect(JsonElement element, JsonValueKind kind, string type)
    {
        if (element.ValueKind == kind)
        {
            return;
        }

        string found = element.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Number => "number",
            JsonValueKind.String => "string",
            JsonValueKind.Array => "array",
            _ => "object",
        };
        throw new FormatException($"json: cannot unmarshal {found} into Go value of type {type}");
    }
}
