using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;

namespace Forethought.Configuration.Yaml;

/// <summary>
/// The parser follows YAML 1.2 where libyaml, and with it every existing configuration, is laxer: continuation lines of quoted scalars may
/// begin in any column, and a comment may follow a bracket without a space. Spaces put in at the place of the complaint mean the same.
/// </summary>
internal static class YamlLeniency
{
    /// <summary>How many such places one document may have; the document is parsed again after each.</summary>
    internal const int MaxRepairs = 200;

    /// <summary>The text with spaces put in, if the complaint is about one of those places.</summary>
    internal static bool TryRepair(string text, YamlException error, [NotNullWhen(true)] out string? repaired)
    {
        string spaces =
            error.Message.Contains("found wrong indentation", StringComparison.Ordinal) ? "        "
            : error.Message.Contains("found invalid comment after", StringComparison.Ordinal)
                || error.Message.Contains("found a comment without", StringComparison.Ordinal) ? " "
            : "";
        int place = (int)Math.Clamp(error.End.Index, 0, text.Length);
        if (spaces == " ")
        {
            // The mark may stand just before or behind the number sign.
            int sign = text.IndexOf('#', Math.Max(0, place - 1));
            place = sign >= 0 && sign <= place + 1 ? sign : place;
        }

        repaired = spaces.Length == 0 ? null : text.Insert(place, spaces);
        return repaired is not null;
    }
}
