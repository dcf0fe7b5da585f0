using System.Text;

namespace Forethought.PromQL.Syntax;

/// <summary>
/// Writes expressions over indented lines. An expression that fits on a line (100 bytes) is written in normal form; a longer one
/// is split, its parts one level deeper. Whoever begins a line indents it.
/// </summary>
internal sealed class PrettyPrinter
{
    private const int MaxLineBytes = 100;
    private const string Indentation = "  ";

    private readonly StringBuilder _text = new();

    private PrettyPrinter()
    {
    }

    /// <summary>The expression over indented lines.</summary>
    internal static string Print(Expr expr)
    {
        var printer = new PrettyPrinter();
        printer.Write(expr, level: 0);
        return printer._text.ToString();
    }

    private void Write(Expr expr, int level)
    {
        switch (expr)
        {
            case UnaryExpr unary:
                WriteUnary(unary, level);
                return;
            case DurationExpr:
                _text.Append(expr);
                return;
            case SubqueryExpr subquery:
                WriteSubquery(subquery, level);
                return;
            case AggregateExpr or BinaryExpr or Call or ParenExpr:
                break;
            default:
                Indent(level).Append(expr);
                return;
        }

        if (ExprPrinter.PrintWithin(expr, MaxLineBytes) is { } line)
        {
            Indent(level).Append(line);
            return;
        }

        switch (expr)
        {
            case AggregateExpr aggregate:
                WriteSplit(aggregate, level);
                break;
            case BinaryExpr binary:
                WriteSplit(binary, level);
                break;
            case Call call:
                WriteSplit(call, level);
                break;
            case ParenExpr paren:
                Indent(level).Append("(\n");
                Write(paren.Expr, level + 1);
                CloseLine(level);
                break;
        }
    }

    private void WriteSplit(AggregateExpr aggregate, int level)
    {
        Indent(level).Append(ExprPrinter.PrintHead(aggregate)).Append("(\n");
        if (aggregate.Parameter is not null)
        {
            Write(aggregate.Parameter, level + 1);
            _text.Append(",\n");
        }

        Write(aggregate.Expr, level + 1);
        CloseLine(level);
    }

    private void WriteSplit(BinaryExpr binary, int level)
    {
        Write(binary.Left, level + 1);
        _text.Append('\n');
        Indent(level).Append(ExprPrinter.PrintOperator(binary)).Append('\n');
        Write(binary.Right, level + 1);
    }

    private void WriteSplit(Call call, int level)
    {
        Indent(level).Append(call.Function.Name).Append("(\n");
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            _text.Append(i > 0 ? ",\n" : "");
            Write(call.Arguments[i], level + 1);
        }

        CloseLine(level);
    }

    /// <summary>A subquery that fits on a line is not indented: Prometheus prints it so.</summary>
    private void WriteSubquery(SubqueryExpr subquery, int level)
    {
        if (ExprPrinter.PrintWithin(subquery, MaxLineBytes) is { } line)
        {
            _text.Append(line);
            return;
        }

        Write(subquery.Expr, level);
        _text.Append(ExprPrinter.PrintSuffix(subquery));
    }

    /// <summary>The operand is split at the level of the sign, which takes the place of the operand's indentation.</summary>
    private void WriteUnary(UnaryExpr unary, int level)
    {
        Indent(level).Append(unary.Negate ? '-' : '+');
        int start = _text.Length;
        Write(unary.Expr, level);
        int end = start;
        while (end < _text.Length && char.IsWhiteSpace(_text[end]))
        {
            end++;
        }

        _text.Remove(start, end - start);
    }

    private void CloseLine(int level)
    {
        _text.Append('\n');
        Indent(level).Append(')');
    }

    private StringBuilder Indent(int level)
    {
        for (int i = 0; i < level; i++)
        {
            _text.Append(Indentation);
        }

        return _text;
    }
}
