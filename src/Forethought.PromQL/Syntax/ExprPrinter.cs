using System.Diagnostics;
using System.Globalization;
using System.Text;
using Forethought.Model;
using MatchType = Forethought.Model.MatchType;

namespace Forethought.PromQL.Syntax;

/// <summary>
/// Writes expressions in normal form on one line. The writer stops early once it has written more than its limit, so that asking
/// whether a long expression fits on a line stays cheap.
/// </summary>
internal sealed class ExprPrinter
{
    private readonly StringBuilder _text = new();
    private readonly int _limit;

    private ExprPrinter(int limit) => _limit = limit;

    /// <summary>The expression in normal form.</summary>
    internal static string Print(Expr expr)
    {
        var printer = new ExprPrinter(int.MaxValue);
        printer.Write(expr);
        return printer._text.ToString();
    }

    /// <summary>The expression in normal form if that is not longer than <paramref name="limit"/> bytes, otherwise null.</summary>
    internal static string? PrintWithin(Expr expr, int limit)
    {
        var printer = new ExprPrinter(limit);
        printer.Write(expr);
        string text = printer._text.ToString();
        return System.Text.Encoding.UTF8.GetByteCount(text) <= limit ? text : null;
    }

    /// <summary>An aggregation up to its arguments.</summary>
    internal static string PrintHead(AggregateExpr expr)
    {
        var printer = new ExprPrinter(int.MaxValue);
        printer.WriteHead(expr);
        return printer._text.ToString();
    }

    /// <summary>A binary operator with its modifiers.</summary>
    internal static string PrintOperator(BinaryExpr expr)
    {
        var printer = new ExprPrinter(int.MaxValue);
        printer.WriteOperator(expr);
        return printer._text.ToString();
    }

    /// <summary>What stands behind the inner expression of a subquery: brackets, <c>@</c>, offset.</summary>
    internal static string PrintSuffix(SubqueryExpr expr)
    {
        var printer = new ExprPrinter(int.MaxValue);
        printer.WriteSuffix(expr);
        return printer._text.ToString();
    }

    private void Write(Expr expr)
    {
        if (_text.Length > _limit)
        {
            return;
        }

        switch (expr)
        {
            case NumberLiteral number:
                WriteNumber(number);
                break;
            case StringLiteral literal:
                _text.Append(GoQuoting.Quote(literal.Value));
                break;
            case VectorSelector selector:
                WriteSelector(selector);
                break;
            case MatrixSelector selector:
                WriteSelector(selector);
                break;
            case SubqueryExpr subquery:
                Write(subquery.Expr);
                WriteSuffix(subquery);
                break;
            case Call call:
                _text.Append(call.Function.Name).Append('(');
                WriteArguments(call.Arguments);
                _text.Append(')');
                break;
            case AggregateExpr aggregate:
                WriteAggregate(aggregate);
                break;
            case BinaryExpr binary:
                Write(binary.Left);
                _text.Append(' ');
                WriteOperator(binary);
                _text.Append(' ');
                Write(binary.Right);
                break;
            case UnaryExpr unary:
                _text.Append(unary.Negate ? '-' : '+');
                Write(unary.Expr);
                break;
            case ParenExpr paren:
                _text.Append('(');
                Write(paren.Expr);
                _text.Append(')');
                break;
            case DurationExpr duration:
                WriteDuration(duration);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void WriteArguments(IReadOnlyList<Expr> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            _text.Append(i > 0 ? ", " : "");
            Write(arguments[i]);
        }
    }

    private void WriteNumber(NumberLiteral number) => _text.Append(
        number.IsDuration ? PrometheusDuration.Format(DurationLiterals.ToTimeSpan(number.Value)) : NumberText.Plain(number.Value));

    private void WriteSelector(VectorSelector selector)
    {
        WriteSeries(selector);
        WriteAt(selector.TimestampMs, selector.StartOrEnd);
        WriteExtension(selector);
        WriteOffset(selector.OriginalOffset, selector.OriginalOffsetExpr);
    }

    private void WriteSelector(MatrixSelector selector)
    {
        VectorSelector series = selector.VectorSelector;
        WriteSeries(series);
        _text.Append('[');
        WriteDuration(selector.Range, selector.RangeExpr);
        _text.Append(']');
        WriteExtension(series);
        WriteAt(series.TimestampMs, series.StartOrEnd);
        WriteOffset(series.OriginalOffset, series.OriginalOffsetExpr);
    }

    private void WriteSeries(VectorSelector selector)
    {
        _text.Append(selector.Name);
        string[] matchers = [.. selector.Matchers.Where(matcher => !IsName(matcher, selector.Name)).Select(matcher => matcher.ToString())];
        if (matchers.Length > 0)
        {
            Array.Sort(matchers, Utf8Order.Compare);
            _text.Append('{').AppendJoin(',', matchers).Append('}');
        }
    }

    /// <summary>Whether the matcher says no more than the name in front of the braces.</summary>
    private static bool IsName(Matcher matcher, string name) =>
        name.Length > 0 && matcher.Type == MatchType.Equal && matcher.Value == name && LabelNames.MetricName.SequenceEqual(matcher.NameUtf8);

    private void WriteExtension(VectorSelector selector) =>
        _text.Append(selector.Anchored ? " anchored" : selector.Smoothed ? " smoothed" : "");

    private void WriteAt(long? timestampMs, AtModifier startOrEnd)
    {
        if (timestampMs is { } milliseconds)
        {
            _text.Append(CultureInfo.InvariantCulture, $" @ {milliseconds / 1000.0:F3}");
            return;
        }

        _text.Append(startOrEnd switch
        {
            AtModifier.Start => " @ start()",
            AtModifier.End => " @ end()",
            _ => "",
        });
    }

    private void WriteOffset(TimeSpan offset, DurationExpr? expr)
    {
        if (expr is not null || offset != TimeSpan.Zero)
        {
            _text.Append(" offset ");
            WriteDuration(offset, expr);
        }
    }

    private void WriteDuration(TimeSpan constant, DurationExpr? expr)
    {
        if (expr is not null)
        {
            WriteDuration(expr);
        }
        else
        {
            _text.Append(PrometheusDuration.Format(constant));
        }
    }

    private void WriteSuffix(SubqueryExpr subquery)
    {
        _text.Append('[');
        WriteDuration(subquery.Range, subquery.RangeExpr);
        _text.Append(':');
        if (subquery.Step != TimeSpan.Zero || subquery.StepExpr is not null)
        {
            WriteDuration(subquery.Step, subquery.StepExpr);
        }

        _text.Append(']');
        WriteAt(subquery.TimestampMs, subquery.StartOrEnd);
        WriteOffset(subquery.OriginalOffset, subquery.OriginalOffsetExpr);
    }

    private void WriteAggregate(AggregateExpr aggregate)
    {
        WriteHead(aggregate);
        _text.Append('(');
        if (aggregate.Parameter is not null)
        {
            Write(aggregate.Parameter);
            _text.Append(", ");
        }

        Write(aggregate.Expr);
        _text.Append(')');
    }

    private void WriteHead(AggregateExpr aggregate)
    {
        _text.Append(aggregate.Op.Name());
        if (aggregate.Without || aggregate.Grouping.Count > 0)
        {
            _text.Append(aggregate.Without ? " without (" : " by (");
            WriteLabels(aggregate.Grouping);
            _text.Append(") ");
        }
    }

    private void WriteOperator(BinaryExpr binary)
    {
        _text.Append(binary.Op.Symbol()).Append(binary.ReturnBool ? " bool" : "");
        if (binary.Matching is { } matching)
        {
            WriteMatching(matching);
            WriteFill(matching);
        }
    }

    private void WriteMatching(VectorMatching matching)
    {
        bool grouped = matching.Cardinality is VectorMatchCardinality.ManyToOne or VectorMatchCardinality.OneToMany;
        if (matching.MatchingLabels.Count > 0 || matching.On || grouped)
        {
            _text.Append(matching.On ? " on (" : " ignoring (");
            WriteLabels(matching.MatchingLabels);
            _text.Append(')');
        }

        if (grouped)
        {
            _text.Append(matching.Cardinality == VectorMatchCardinality.ManyToOne ? " group_left (" : " group_right (");
            WriteLabels(matching.Include);
            _text.Append(')');
        }
    }

    private void WriteFill(VectorMatching matching)
    {
        if (matching.FillLeft is { } both && both == matching.FillRight)
        {
            WriteFill("fill", both);
            return;
        }

        WriteFill("fill_left", matching.FillLeft);
        WriteFill("fill_right", matching.FillRight);
    }

    private void WriteFill(string keyword, double? value)
    {
        if (value is { } number)
        {
            _text.Append(' ').Append(keyword).Append(" (").Append(NumberText.General(number)).Append(')');
        }
    }

    private void WriteLabels(IReadOnlyList<string> names)
    {
        for (int i = 0; i < names.Count; i++)
        {
            _text.Append(i > 0 ? ", " : "");
            bool plain = MetricNames.IsLegacyLabelName(System.Text.Encoding.UTF8.GetBytes(names[i]));
            _text.Append(plain ? names[i] : GoQuoting.Quote(names[i]));
        }
    }

    private void WriteDuration(DurationExpr duration)
    {
        _text.Append(duration.Wrapped ? "(" : "");
        switch (duration.Op)
        {
            case DurationOperator.Step:
                _text.Append("step()");
                break;
            case DurationOperator.Range:
                _text.Append("range()");
                break;
            case DurationOperator.MinOf or DurationOperator.MaxOf:
                _text.Append(duration.Op == DurationOperator.MinOf ? "min_of(" : "max_of(");
                WriteArguments([duration.Left!, duration.Right!]);
                _text.Append(')');
                break;
            default:
                WriteDurationOperation(duration);
                break;
        }

        _text.Append(duration.Wrapped ? ")" : "");
    }

    private void WriteDurationOperation(DurationExpr duration)
    {
        if (duration.Left is null)
        {
            // A plus sign only marks a number in parentheses, and is not printed.
            _text.Append(duration.Op == DurationOperator.Sub ? "-" : "");
        }
        else
        {
            Write(duration.Left);
            _text.Append(' ').Append(duration.Op.Symbol()).Append(' ');
        }

        Write(duration.Right!);
    }
}
