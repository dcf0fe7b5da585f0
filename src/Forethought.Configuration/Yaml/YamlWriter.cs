using System.Globalization;
using System.Text;

namespace Forethought.Configuration.Yaml;

/// <summary>
/// Prints nodes as Go's yaml.v2 does (libyaml's emitter): block style with two spaces, sequences not indented in mappings, strings quoted
/// only where a reader would take them for something else, long ones folded at 80 columns.
/// </summary>
internal sealed class YamlWriter
{
    private const int BestWidth = 80;
    private const int Step = 2;

    private readonly StringBuilder _text = new();
    private int _column;

    /// <summary>The document with a line break at its end.</summary>
    internal static string Print(YamlNode root)
    {
        var writer = new YamlWriter();
        if (root is YamlMapping { Entries.Count: > 0 } mapping)
        {
            writer.WriteEntries(mapping, 0, firstInLine: true);
        }
        else
        {
            writer.WriteFlow(root, 0);
        }

        writer.Append("\n");
        return writer._text.ToString();
    }

    private void Append(string text)
    {
        _text.Append(text);
        int line = text.LastIndexOf('\n');
        _column = line < 0 ? _column + text.Length : text.Length - line - 1;
    }

    private void NewLine(int indent)
    {
        Append("\n");
        Append(new string(' ', indent));
    }

    private void WriteEntries(YamlMapping mapping, int indent, bool firstInLine)
    {
        foreach ((YamlNode key, YamlNode value) in mapping.Entries)
        {
            if (!firstInLine)
            {
                NewLine(indent);
            }

            firstInLine = false;
            WriteScalar((YamlScalar)key, indent, isKey: true, inFlow: false);
            Append(":");
            WriteValue(value, indent);
        }
    }

    private void WriteValue(YamlNode value, int indent)
    {
        switch (value)
        {
            case YamlMapping { Entries.Count: > 0 } mapping:
                NewLine(indent + Step);
                WriteEntries(mapping, indent + Step, firstInLine: true);
                break;
            case YamlSequence { Items.Count: > 0, IsFlow: false } sequence:
                NewLine(indent);
                WriteItems(sequence, indent);
                break;
            default:
                Append(" ");
                WriteFlow(value, indent + Step);
                break;
        }
    }

    private void WriteItems(YamlSequence sequence, int indent)
    {
        for (int i = 0; i < sequence.Items.Count; i++)
        {
            if (i > 0)
            {
                NewLine(indent);
            }

            Append("- ");
            switch (sequence.Items[i])
            {
                case YamlMapping { Entries.Count: > 0 } mapping:
                    WriteEntries(mapping, indent + Step, firstInLine: true);
                    break;
                case YamlSequence { Items.Count: > 0, IsFlow: false } inner:
                    WriteItems(inner, indent + Step);
                    break;
                case var item:
                    WriteFlow(item, indent + Step);
                    break;
            }
        }
    }

    private void WriteFlow(YamlNode node, int indent, bool inFlow = false)
    {
        switch (node)
        {
            case YamlScalar scalar:
                WriteScalar(scalar, indent, isKey: false, inFlow);
                break;
            case YamlSequence sequence:
                Append("[");
                for (int i = 0; i < sequence.Items.Count; i++)
                {
                    Append(i == 0 ? "" : ",");
                    if (_column > BestWidth)
                    {
                        NewLine(indent);
                    }
                    else if (i > 0)
                    {
                        Append(" ");
                    }

                    WriteFlow(sequence.Items[i], indent, inFlow: true);
                }

                Append("]");
                break;
            default:
                Append("{}");
                break;
        }
    }

    private void WriteScalar(YamlScalar scalar, int indent, bool isKey, bool inFlow)
    {
        string value = scalar.Value;
        if (scalar.IsPlain)
        {
            Append(value);
            return;
        }

        if (SurrogateEscape.IsPresent(value))
        {
            Append("!!binary " + Convert.ToBase64String(SurrogateEscape.ToBytes(value)));
            return;
        }

        switch (YamlScalarStyle.Choose(value, isKey, inFlow))
        {
            case YamlScalarStyle.Style.Plain:
                WriteFolded(value, indent, !isKey, static character => character == '\n' ? "\n" : null, lineBreaks: false);
                break;
            case YamlScalarStyle.Style.SingleQuoted:
                Append("'");
                WriteFolded(value, indent, !isKey, static character => character == '\'' ? "''" : null, lineBreaks: false);
                Append("'");
                break;
            case YamlScalarStyle.Style.Literal:
                WriteLiteral(value, indent);
                break;
            default:
                Append("\"");
                WriteFolded(value, indent, !isKey, Escape, lineBreaks: true);
                Append("\"");
                break;
        }
    }

    // A single space past the best width becomes a line break; readers turn it back into a space.
    private void WriteFolded(string value, int indent, bool mayFold, Func<int, string?> escape, bool lineBreaks)
    {
        bool afterSpace = false;
        for (int i = 0; i < value.Length; i++)
        {
            bool folds = value[i] == ' ' && mayFold && !afterSpace && _column > BestWidth && i > 0 && i < value.Length - 1;
            if (folds && value[i + 1] != ' ')
            {
                NewLine(indent);
            }
            else if (folds && lineBreaks)
            {
                // In double quotes a space that begins a line must be escaped.
                NewLine(indent);
                Append("\\ ");
            }
            else
            {
                int codePoint = char.ConvertToUtf32(value, i);
                string text = char.ConvertFromUtf32(codePoint);
                Append(escape(codePoint) ?? text);
                i += text.Length - 1;
            }

            afterSpace = value[i] == ' ';
        }
    }

    private void WriteLiteral(string value, int indent)
    {
        string hint = value[0] is ' ' or '\n' ? Step.ToString(CultureInfo.InvariantCulture) : "";
        string chomp = !value.EndsWith('\n') ? "-" : value.Length == 1 || value[^2] == '\n' ? "+" : "";
        Append("|" + hint + chomp);
        foreach (string line in (value.EndsWith('\n') ? value[..^1] : value).Split('\n'))
        {
            Append("\n");
            Append(line.Length == 0 ? "" : new string(' ', indent) + line);
        }
    }

    private static string? Escape(int c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        0 => "\\0",
        7 => "\\a",
        8 => "\\b",
        9 => "\\t",
        10 => "\\n",
        11 => "\\v",
        12 => "\\f",
        13 => "\\r",
        27 => "\\e",
        0x85 => "\\N",
        0x2028 => "\\L",
        0x2029 => "\\P",
        0xFEFF or < 0x20 or (>= 0x7F and < 0xA0) => c <= 0xFF ? $"\\x{c:X2}" : $"\\u{c:X4}",
        > 0xFFFF => $"\\U{c:X8}",
        _ => null,
    };
}
