using System.Globalization;
using System.Text;

namespace Forethought.Client.Tests;

/// <summary>
/// The plainest reader of both text formats, written from their documents: it accepts what a conforming writer may write, and
/// throws at anything else.
/// </summary>
internal sealed class ExpositionReader(string text)
{
    private int _position;

    /// <summary>A line: a comment's keyword with name and text, or a sample.</summary>
    public sealed record Line(string Keyword, string Name, string Text, List<(string Name, string Value)> Labels, double Value, double? Time);

    public List<Line> ReadAll()
    {
        List<Line> lines = [];
        while (_position < text.Length)
        {
            lines.Add(Peek() == '#' ? ReadComment() : ReadSample());
            Expect("\n");
        }

        return lines;
    }

    private Line ReadComment()
    {
        Expect("# ");
        string keyword = ReadWhile(char.IsAsciiLetterUpper);
        if (keyword == "EOF")
            return new Line("EOF", "", "", [], 0, null);
        Expect(" ");
        string name = ReadName();
        Expect(" ");
        return new Line(keyword, name, Unescape(ReadWhile(c => c != '\n')), [], 0, null);
    }

    private Line ReadSample()
    {
        List<(string Name, string Value)> labels = [];
        string name = Peek() == '{' ? "" : ReadName();
        if (Peek() == '{')
        {
            char separator = '{';
            while (Peek() != '}')
            {
                Expect(separator.ToString());
                separator = ',';
                string label = ReadName();
                if (name == "")
                {
                    name = label;
                    continue;
                }

                Expect("=");
                labels.Add((label, ReadQuoted()));
            }

            Expect("}");
        }

        Expect(" ");
        double value = ReadNumber();
        double? time = null;
        if (Peek() == ' ')
        {
            Expect(" ");
            time = ReadNumber();
        }

        return new Line("", name, "", labels, value, time);
    }

    private string ReadName()
    {
        if (Peek() == '"')
            return ReadQuoted();
        string name = ReadWhile(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ':');
        if (name == "" || char.IsAsciiDigit(name[0]))
            throw new FormatException($"no name at {_position}");
        return name;
    }

    private string ReadQuoted()
    {
        Expect("\"");
        int start = _position;
        while (Peek() != '"')
        {
            if (Peek() == '\n')
                throw new FormatException($"line end in quotes at {_position}");
            _position += Peek() == '\\' ? 2 : 1;
        }

        string quoted = text[start.._position];
        Expect("\"");
        return Unescape(quoted);
    }

    private double ReadNumber() => ReadWhile(c => c is not (' ' or '\n')) switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var number => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private string ReadWhile(Predicate<char> accepted)
    {
        int start = _position;
        while (_position < text.Length && accepted(text[_position]))
            _position++;
        return text[start.._position];
    }

    private void Expect(string expected)
    {
        if (!text.AsSpan(_position).StartsWith(expected, StringComparison.Ordinal))
            throw new FormatException($"expected {expected} at {_position}");
        _position += expected.Length;
    }

    private char Peek() => _position < text.Length ? text[_position] : throw new FormatException("cut off");

    private static string Unescape(string escaped)
    {
        var unescaped = new StringBuilder();
        for (int i = 0; i < escaped.Length; i++)
        {
            unescaped.Append(escaped[i] != '\\' ? escaped[i] : escaped[++i] switch
            {
                'n' => '\n',
                '\\' => '\\',
                '"' => '"',
                _ => throw new FormatException($"unknown escape {escaped[i]}"),
            });
        }

        return unescaped.ToString();
    }
}
