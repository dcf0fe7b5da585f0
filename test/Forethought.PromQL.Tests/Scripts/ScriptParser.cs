using System.Globalization;
using System.Text.RegularExpressions;
using Forethought.Model;
using Forethought.PromQL.Syntax;
using Pattern = System.Text.RegularExpressions.Regex;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>Reads upstream's test scripts (<c>promql/promqltest</c>): commands and what they expect.</summary>
internal sealed partial class ScriptParser
{
    private readonly string[] _lines;
    private int _line;

    private ScriptParser(string script) => _lines = [.. script.Split('\n').Select(Trim)];

    public static List<ScriptCommand> Parse(string script)
    {
        var parser = new ScriptParser(script);
        var commands = new List<ScriptCommand>();
        for (; parser._line < parser._lines.Length; parser._line++)
        {
            string line = parser._lines[parser._line];
            if (line.Length > 0)
                commands.Add(parser.ParseCommand(line));
        }

        return commands;
    }

    private static string Trim(string line)
    {
        line = line.Trim();
        return line.StartsWith('#') ? "" : line;
    }

    private ScriptCommand ParseCommand(string line)
    {
        string word = Whitespace().Split(line, 2)[0].ToLowerInvariant();
        if (word == "clear")
            return new ClearCommand(_line + 1);
        if (word.StartsWith("load", StringComparison.Ordinal))
            return ParseLoad(line);
        if (word.StartsWith("eval", StringComparison.Ordinal))
            return ParseEval(line);
        throw new FormatException($"line {_line + 1}: invalid command \"{line}\"");
    }

    private bool TryNextLine(out string line)
    {
        line = _line + 1 < _lines.Length ? _lines[_line + 1] : "";
        if (line.Length == 0)
            return false;
        _line++;
        return true;
    }

    private LoadCommand ParseLoad(string line)
    {
        Match match = LoadPattern().Match(line);
        var command = new LoadCommand(_line + 1, Milliseconds(match.Groups[2].Value), match.Groups[1].Success);
        List<long?>? starts = null;
        while (TryNextLine(out string definition))
        {
            int space = definition.IndexOfAny([' ', '\t']);
            if (space > 0 && definition[..space].EndsWith("@st", StringComparison.Ordinal))
            {
                starts = StartTimeSequence.Parse(definition[space..]);
                continue;
            }

            command.Set(PromQlParser.ParseSeriesDescription(definition), starts);
            starts = null;
        }

        return command;
    }

    private EvalCommand ParseEval(string line)
    {
        Match instant = InstantPattern().Match(line);
        Match range = RangePattern().Match(line);
        EvalCommand command;
        if (instant.Success)
        {
            long timeMs = Milliseconds(instant.Groups[2].Value);
            command = new EvalCommand(_line + 1, instant.Groups[3].Value, IsRange: false) { TimeMs = timeMs, StartMs = timeMs, EndMs = timeMs };
        }
        else
        {
            command = new EvalCommand(_line + 1, range.Groups[5].Value, IsRange: true)
            {
                StartMs = Milliseconds(range.Groups[2].Value),
                EndMs = Milliseconds(range.Groups[3].Value),
                StepMs = Milliseconds(range.Groups[4].Value),
            };
        }

        SetModifier(command, (instant.Success ? instant : range).Groups[1].Value);
        ParseExpectations(command);
        return command;
    }

    private static void SetModifier(EvalCommand command, string modifier)
    {
        command.IsOrdered = modifier == "ordered";
        command.MustFail = modifier == "fail";
        command.MustWarn = modifier == "warn";
        command.MustInform = modifier == "info";
    }

    private void ParseExpectations(EvalCommand command)
    {
        for (int position = 1; TryNextLine(out string line); position++)
        {
            if (line.StartsWith("expected_fail_message", StringComparison.Ordinal))
            {
                command.Failure = new Expectation(line["expected_fail_message".Length..].Trim(), null);
                return;
            }

            if (line.StartsWith("expected_fail_regexp", StringComparison.Ordinal))
            {
                command.Failure = new Expectation(null, new Pattern(line["expected_fail_regexp".Length..].Trim()));
                return;
            }

            if (ParseExpect(command, line))
            {
                position--;
                continue;
            }

            if (TryParseNumber(line, out double number))
            {
                command.Scalar = number;
                return;
            }

            SeriesDescription series = PromQlParser.ParseSeriesDescription(line);
            command.Series[series.Labels] = (position, series.Values);
        }
    }

    private static bool ParseExpect(EvalCommand command, string line)
    {
        if (line.StartsWith("expect range vector", StringComparison.Ordinal))
        {
            Match match = ExpectRangePattern().Match(line);
            (command.StartMs, command.EndMs, command.StepMs) =
                (Milliseconds(match.Groups[1].Value), Milliseconds(match.Groups[2].Value), Milliseconds(match.Groups[3].Value));
            command.IsInstantOnly = true;
            return true;
        }

        if (line.StartsWith("expect string", StringComparison.Ordinal))
        {
            command.Text = Unquote(line["expect string".Length..].Trim());
            command.IsInstantOnly = true;
            return true;
        }

        if (line.Split(' ')[0] != "expect")
            return false;
        Match expect = ExpectPattern().Match(line);
        if (!expect.Success)
            throw new FormatException($"invalid expect statement: {line}");
        Expectation expectation = expect.Groups[2].Value switch
        {
            "msg" => new Expectation(expect.Groups[3].Value.Trim(), null),
            "regex" => new Expectation(null, new Pattern(expect.Groups[3].Value.Trim())),
            _ => Expectation.Any,
        };
        Expect(command, expect.Groups[1].Value, expectation);
        return true;
    }

    private static void Expect(EvalCommand command, string kind, Expectation expectation)
    {
        switch (kind)
        {
            case "fail":
                command.MustFail = true;
                command.Failure = expectation;
                break;
            case "ordered":
                command.IsOrdered = true;
                break;
            case "warn":
                command.Warnings.Add(expectation);
                break;
            case "info":
                command.Infos.Add(expectation);
                break;
            case "no_warn":
                command.MustNotWarn = true;
                break;
            default:
                command.MustNotInform = true;
                break;
        }
    }

    private static string Unquote(string quoted) => ((StringLiteral)PromQlParser.ParseExpression(quoted, ParserOptions.Everything)).Value;

    private static long Milliseconds(string duration) =>
        duration.Length == 0 ? 0 : (long)PrometheusDuration.Parse(duration).TotalMilliseconds;

    private static bool TryParseNumber(string text, out double number)
    {
        number = text switch
        {
            "NaN" => double.NaN,
            "Inf" or "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => 0,
        };
        if (number != 0)
            return true;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && long.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long hexadecimal))
        {
            number = hexadecimal;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    [GeneratedRegex("[\t ]+")]
    private static partial Pattern Whitespace();

    [GeneratedRegex(@"^load(?:_(with_nhcb))?\s+(.+?)$")]
    private static partial Pattern LoadPattern();

    [GeneratedRegex(@"^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(.+?))?\s+(.+)$")]
    private static partial Pattern InstantPattern();

    [GeneratedRegex(@"^eval(?:_(fail|warn|info))?\s+range\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+?)\s+(.+)$")]
    private static partial Pattern RangePattern();

    [GeneratedRegex(@"^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$")]
    private static partial Pattern ExpectPattern();

    [GeneratedRegex(@"^expect range vector\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+)$")]
    private static partial Pattern ExpectRangePattern();
}
