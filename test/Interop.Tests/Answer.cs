using System.Globalization;
using System.Text.Json;

namespace Interop.Tests;

/// <summary>Compares two JSON answers of the query API.</summary>
internal static class Answer
{
    /// <summary>
    /// What differs, or null. Everything must be equal, text by text, save that numbers in strings may differ by 1e-12 of their size,
    /// that series may come in any order where the reference promises none, and that annotations are sets.
    /// </summary>
    public static string? Difference(string expected, string actual, bool ordered)
    {
        JsonElement left = Parse(expected, ordered), right = Parse(actual, ordered);
        return Difference("$", left, right);
    }

    private static JsonElement Parse(string json, bool ordered)
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
        foreach (string annotations in (string[])["warnings", "infos"])
            Sort(root[annotations]?.AsArray());
        if (!ordered && root["data"]?["resultType"]?.GetValue<string>() is "vector" or "matrix")
            Sort(root["data"]!["result"]!.AsArray());
        return JsonSerializer.SerializeToElement(root);
    }

    private static void Sort(System.Text.Json.Nodes.JsonArray? array)
    {
        if (array is null)
            return;
        System.Text.Json.Nodes.JsonNode?[] nodes = [.. array.OrderBy(Key, StringComparer.Ordinal)];
        array.Clear();
        foreach (System.Text.Json.Nodes.JsonNode? node in nodes)
            array.Add(node);
    }

    private static string Key(System.Text.Json.Nodes.JsonNode? node) =>
        node is System.Text.Json.Nodes.JsonObject series && series["metric"] is System.Text.Json.Nodes.JsonObject metric
            ? string.Join('\0', metric.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => label.Key + "\0" + label.Value))
            : node!.ToJsonString();

    private static string? Difference(string path, JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
            return $"{path}: {left.GetRawText()} against {right.GetRawText()}";
        return left.ValueKind switch
        {
            JsonValueKind.Object => ObjectDifference(path, left, right),
            JsonValueKind.Array => ArrayDifference(path, left, right),
            JsonValueKind.String => TextsEqual(left.GetString()!, right.GetString()!) ? null : $"{path}: {left.GetRawText()} against {right.GetRawText()}",
            _ => left.GetRawText() == right.GetRawText() ? null : $"{path}: {left.GetRawText()} against {right.GetRawText()}",
        };
    }

    private static string? ObjectDifference(string path, JsonElement left, JsonElement right)
    {
        string[] names = [.. left.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)];
        if (!names.SequenceEqual(right.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)))
            return $"{path}: {Short(left)} against {Short(right)}";
        return names.Select(name => Difference($"{path}.{name}", left.GetProperty(name), right.GetProperty(name))).FirstOrDefault(difference => difference is not null);
    }

    private static string? ArrayDifference(string path, JsonElement left, JsonElement right)
    {
        if (left.GetArrayLength() != right.GetArrayLength())
            return $"{path}: {left.GetArrayLength()} elements against {right.GetArrayLength()}: {Short(left)} against {Short(right)}";
        return Enumerable.Range(0, left.GetArrayLength()).Select(i => Difference($"{path}[{i}]", left[i], right[i])).FirstOrDefault(difference => difference is not null);
    }

    private static bool TextsEqual(string left, string right)
    {
        if (left == right)
            return true;
        return double.TryParse(left, NumberStyles.Float, CultureInfo.InvariantCulture, out double a)
            && double.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out double b)
            && Math.Abs(a - b) <= 1e-12 * Math.Max(Math.Abs(a), Math.Abs(b));
    }

    private static string Short(JsonElement element) => element.GetRawText() is { Length: > 600 } text ? text[..600] + "…" : element.GetRawText();
}
