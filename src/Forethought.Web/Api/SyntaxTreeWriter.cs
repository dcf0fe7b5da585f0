using System.Diagnostics;
using Forethought.Model;
using Forethought.PromQL.Syntax;

namespace Forethought.Web;

/// <summary>
/// Writes a syntax tree as <c>/api/v1/parse_query</c> shows it; members stand in order of their names. The parser bounds the
/// tree's height, so recursion is safe.
/// </summary>
internal sealed class SyntaxTreeWriter(JsonOutput output)
{
    public void Write(Expr? node)
    {
        switch (node)
        {
            case null: output.Raw("null"u8); break;
            case AggregateExpr aggregate: Write(aggregate); break;
            case BinaryExpr binary: Write(binary); break;
            case Call call: Write(call); break;
            case MatrixSelector matrix: WriteSelector("matrixSelector", matrix.VectorSelector, matrix); break;
            case VectorSelector selector: WriteSelector("vectorSelector", selector, null); break;
            case SubqueryExpr subquery: Write(subquery); break;
            case DurationExpr duration: WriteDuration(duration); break;
            case NumberLiteral number: WriteNumber(number, withDuration: false); break;
            case StringLiteral text:
                Begin("type", "stringLiteral");
                Member("val", text.Value);
                End();
                break;
            case ParenExpr paren:
                Begin("expr", paren.Expr);
                Member("type", "parenExpr");
                End();
                break;
            case UnaryExpr unary:
                Begin("expr", unary.Expr);
                Member("op", unary.Negate ? "-" : "+");
                Member("type", "unaryExpr");
                End();
                break;
            default: throw new UnreachableException();
        }
    }

    private void Write(AggregateExpr aggregate)
    {
        Begin("expr", aggregate.Expr);
        Member("grouping", aggregate.Grouping);
        Member("op", aggregate.Op.Name());
        Member("param", aggregate.Parameter);
        Member("type", "aggregation");
        Member("without", aggregate.Without);
        End();
    }

    private void Write(BinaryExpr binary)
    {
        output.Raw("{\"bool\":"u8);
        output.Boolean(binary.ReturnBool);
        Member("lhs", binary.Left);
        Key("matching");
        if (binary.Matching is { } matching)
            Write(matching);
        else
            output.Raw("null"u8);
        Member("op", binary.Op.Symbol());
        Member("rhs", binary.Right);
        Member("type", "binaryExpr");
        End();
    }

    private void Write(VectorMatching matching)
    {
        Begin("card", matching.Cardinality switch
        {
            VectorMatchCardinality.OneToOne => "one-to-one",
            VectorMatchCardinality.ManyToOne => "many-to-one",
            VectorMatchCardinality.OneToMany => "one-to-many",
            _ => "many-to-many",
        });
        output.Raw(",\"fillValues\":{\"lhs\":"u8);
        WriteNullable(matching.FillLeft);
        output.Raw(",\"rhs\":"u8);
        WriteNullable(matching.FillRight);
        output.Raw('}');
        Member("include", matching.Include);
        Member("labels", matching.MatchingLabels);
        Member("on", matching.On);
        End();
    }

    private void WriteNullable(double? value)
    {
        if (value is { } number)
            output.Number(number);
        else
            output.Raw("null"u8);
    }

    private void Write(Call call)
    {
        output.Raw("{\"args\":["u8);
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            if (i > 0)
                output.Raw(',');
            Write(call.Arguments[i]);
        }

        output.Raw("],\"func\":{\"argTypes\":"u8);
        output.Texts([.. call.Function.ArgumentTypes.Select(type => type.Name())]);
        Member("name", call.Function.Name);
        Member("returnType", call.Function.ReturnType.Name());
        Key("variadic");
        output.Number((long)call.Function.Variadic);
        output.Raw('}');
        Member("type", "call");
        End();
    }

    private void WriteSelector(string type, VectorSelector selector, MatrixSelector? matrix)
    {
        output.Raw("{\"anchored\":"u8);
        output.Boolean(selector.Anchored);
        output.Raw(",\"matchers\":["u8);
        for (int i = 0; i < selector.Matchers.Count; i++)
        {
            if (i > 0)
                output.Raw(',');
            Matcher matcher = selector.Matchers[i];
            Begin("name", matcher.Name);
            Member("type", Symbol(matcher.Type));
            Member("value", matcher.Value);
            End();
        }

        output.Raw(']');
        Member("name", selector.Name);
        Member("offset", selector.OriginalOffset);
        Duration("offsetExpr", selector.OriginalOffsetExpr);
        if (matrix is not null)
        {
            Member("range", matrix.Range);
            Duration("rangeExpr", matrix.RangeExpr);
        }

        Key("smoothed");
        output.Boolean(selector.Smoothed);
        At(selector.StartOrEnd, selector.TimestampMs);
        Member("type", type);
        End();
    }

    private void Write(SubqueryExpr subquery)
    {
        Begin("expr", subquery.Expr);
        Member("offset", subquery.OriginalOffset);
        Duration("offsetExpr", subquery.OriginalOffsetExpr);
        Member("range", subquery.Range);
        Duration("rangeExpr", subquery.RangeExpr);
        Key("startOrEnd");
        WriteBound(subquery.StartOrEnd);
        Member("step", subquery.Step);
        Duration("stepExpr", subquery.StepExpr);
        Key("timestamp");
        WriteTimestamp(subquery.TimestampMs);
        Member("type", "subquery");
        End();
    }

    private void WriteDuration(Expr? node)
    {
        switch (node)
        {
            case NumberLiteral number:
                WriteNumber(number, withDuration: true);
                break;
            case DurationExpr duration:
                output.Raw("{\"lhs\":"u8);
                WriteDuration(duration.Left);
                Member("op", Symbol(duration.Op));
                Key("rhs");
                WriteDuration(duration.Right);
                Member("type", "durationExpr");
                Member("wrapped", duration.Wrapped);
                End();
                break;
            default:
                Write(node);
                break;
        }
    }

    private void WriteNumber(NumberLiteral number, bool withDuration)
    {
        output.Raw('{');
        if (withDuration)
        {
            output.Raw("\"duration\":"u8);
            output.Boolean(number.IsDuration);
            output.Raw(',');
        }

        output.Raw("\"type\":\"numberLiteral\",\"val\":"u8);
        output.FixedValue(number.Value);
        output.Raw('}');
    }

    private void At(AtModifier bound, long? timestampMs)
    {
        Key("startOrEnd");
        WriteBound(bound);
        Key("timestamp");
        WriteTimestamp(timestampMs);
    }

    private void WriteBound(AtModifier bound) =>
        output.Raw(bound switch { AtModifier.Start => "\"start\""u8, AtModifier.End => "\"end\""u8, _ => "null"u8 });

    private void WriteTimestamp(long? timestampMs)
    {
        if (timestampMs is { } time)
            output.Number(time);
        else
            output.Raw("null"u8);
    }

    private static string Symbol(Model.MatchType type) => type switch
    {
        Model.MatchType.Equal => "=",
        Model.MatchType.NotEqual => "!=",
        Model.MatchType.RegexMatch => "=~",
        _ => "!~",
    };

    private static string Symbol(DurationOperator op) => op switch
    {
        DurationOperator.Add => "+",
        DurationOperator.Sub => "-",
        DurationOperator.Mul => "*",
        DurationOperator.Div => "/",
        DurationOperator.Mod => "%",
        DurationOperator.Pow => "^",
        DurationOperator.Step => "step",
        DurationOperator.Range => "range",
        DurationOperator.MinOf => "min_of",
        DurationOperator.MaxOf => "max_of",
        _ => throw new UnreachableException(),
    };

    private void Begin(string name, string value)
    {
        output.Raw('{');
        output.Text(name);
        output.Raw(':');
        output.Text(value);
    }

    private void Begin(string name, Expr value)
    {
        output.Raw('{');
        output.Text(name);
        output.Raw(':');
        Write(value);
    }

    private void End() => output.Raw('}');

    private void Key(string name)
    {
        output.Raw(',');
        output.Text(name);
        output.Raw(':');
    }

    private void Member(string name, string value)
    {
        Key(name);
        output.Text(value);
    }

    private void Member(string name, bool value)
    {
        Key(name);
        output.Boolean(value);
    }

    private void Member(string name, TimeSpan value)
    {
        Key(name);
        output.Number(value.Ticks / TimeSpan.TicksPerMillisecond);
    }

    private void Member(string name, IReadOnlyList<string> values)
    {
        Key(name);
        output.Texts(values);
    }

    private void Member(string name, Expr? value)
    {
        Key(name);
        Write(value);
    }

    private void Duration(string name, DurationExpr? value)
    {
        Key(name);
        WriteDuration(value);
    }
}
