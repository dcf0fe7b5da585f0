using System.Text;
using Forethought.Model;

namespace Forethought.Configuration.Sections;

/// <summary>Expands <c>$NAME</c> and <c>${NAME}</c> in the values of external labels; <c>$$</c> is a dollar.</summary>
internal static class ExternalLabels
{
    internal static Labels Expand(Labels labels, ConfigurationOptions options)
    {
        var builder = new LabelsBuilder();
        foreach (Label label in labels)
        {
            string value = System.Text.Encoding.UTF8.GetString(label.Value);
            builder.Append(label.Name, System.Text.Encoding.UTF8.GetBytes(Expand(value, options)));
        }

        return builder.ToLabels();
    }

    // Go's os.Expand: names are a special character, or letters, digits and underscores; broken braces swallow what they can.
    private static string Expand(string text, ConfigurationOptions options)
    {
        var expanded = new StringBuilder();
        int i = 0;
        while (i < text.Length)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                expanded.Append(text[i++]);
                continue;
            }

            (string name, int length) = ReadName(text.AsSpan(i + 1));
            if (name.Length > 0)
            {
                expanded.Append(Lookup(name, options));
            }
            else if (length == 0)
            {
                expanded.Append('$');
            }

            i += 1 + length;
        }

        return expanded.ToString();
    }

    private static string Lookup(string name, ConfigurationOptions options)
    {
        if (name == "$")
        {
            return "$";
        }

        string? value = options.Environment(name);
        if (string.IsNullOrEmpty(value))
        {
            options.EmptyVariable?.Invoke(name);
        }

        return value ?? "";
    }

    // What follows a dollar: the name and how many characters it takes; no name and a length is bad syntax, eaten.
    private static (string Name, int Length) ReadName(ReadOnlySpan<char> text)
    {
        if (text[0] == '{')
        {
            if (text.Length > 2 && IsSpecial(text[1]) && text[2] == '}')
            {
                return (text[1].ToString(), 3);
            }

            int end = text.IndexOf('}');
            return end switch
            {
                < 0 => ("", 1),
                1 => ("", 2),
                _ => (text[1..end].ToString(), end + 1),
            };
        }

        if (IsSpecial(text[0]))
        {
            return (text[0].ToString(), 1);
        }

        int length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] == '_'))
        {
            length++;
        }

        return (text[..length].ToString(), length);
    }

    private static bool IsSpecial(char c) => c is '*' or '#' or '$' or '@' or '!' or '?' or '-' || char.IsAsciiDigit(c);
}
