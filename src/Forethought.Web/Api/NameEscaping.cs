using System.Globalization;
using System.Text;

namespace Forethought.Web;

/// <summary>
/// The escaping <c>U__</c> of names that are not legacy names (prometheus/common, "values"): <c>_</c> doubled, other characters as
/// <c>_hex_</c>.
/// </summary>
internal static class NameEscaping
{
    private const string Prefix = "U__";

    // Upstream gives up at the sixth, so that plane 16 cannot be named.
    private const int MaxDigits = 5;

    /// <summary>The name behind an escaped one; a text that is not well escaped stands for itself.</summary>
    public static string Unescape(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return name;
        var text = new StringBuilder(name.Length);
        for (int i = Prefix.Length; i < name.Length; i++)
        {
            if (name[i] != '_')
            {
                text.Append(name[i]);
                continue;
            }

            int end = name.IndexOf('_', i + 1);
            if (end < 0)
                return name;
            if (end == i + 1)
            {
                text.Append('_');
            }
            else
            {
                if (end - i - 1 > MaxDigits
                    || !int.TryParse(name.AsSpan(i + 1, end - i - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
                    || !Rune.IsValid(code))
                {
                    return name;
                }

                text.Append(new Rune(code).ToString());
            }

            i = end;
        }

        return text.ToString();
    }
}
