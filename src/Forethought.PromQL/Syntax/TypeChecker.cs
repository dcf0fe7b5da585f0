using Forethought.Model;

namespace Forethought.PromQL.Syntax;

/// <summary>
/// Checks a tree that parsed without errors: the types of operands and arguments, and the rules that span more than one token. It also
/// settles what only the types decide: whether a binary operation matches vectors, and how.
/// </summary>
internal sealed class TypeChecker(TokenStream tokens)
{
    /// <summary>Checks an expression and all below it; errors are added.</summary>
    /// <returns>The type of the expression.</returns>
    internal ExprType Check(Expr expr)
    {
        switch (expr)
        {
            case AggregateExpr aggregate:
                CheckAggregate(aggregate);
                break;
            case BinaryExpr binary:
                CheckBinary(binary);
                break;
            case Call call:
                CheckCall(call);
                break;
            case ParenExpr paren:
                Check(paren.Expr);
                break;
            case UnaryExpr unary:
                CheckUnary(unary);
                break;
            case SubqueryExpr subquery:
                if (Check(subquery.Expr) is not ExprType.Vector and var type)
                {
                    Add(subquery, $"subquery is only allowed on instant vector, got {type.Name()} instead");
                }

                break;
            case MatrixSelector matrix:
                CheckSelector(matrix.VectorSelector);
                break;
            case VectorSelector selector:
                CheckSelector(selector);
                break;
        }

        return expr.Type;
    }

    private void Add(Expr expr, string message) => tokens.AddError(expr.PositionRange, message);

    private void Expect(Expr expr, ExprType wanted, string context)
    {
        ExprType type = Check(expr);
        if (type != wanted)
        {
            Add(expr, $"expected type {wanted.DocumentedName()} in {context}, got {type.DocumentedName()}");
        }
    }

    private void CheckAggregate(AggregateExpr aggregate)
    {
        Expect(aggregate.Expr, ExprType.Vector, "aggregation expression");
        if (aggregate.Parameter is not null)
        {
            Expect(aggregate.Parameter, aggregate.Op.ParameterType(), "aggregation parameter");
        }
    }

    private void CheckUnary(UnaryExpr unary)
    {
        ExprType type = Check(unary.Expr);
        if (type is not (ExprType.Scalar or ExprType.Vector))
        {
            Add(unary, $"unary expression only allowed on expressions of type scalar or instant vector, got \"{type.DocumentedName()}\"");
        }
    }

    private void CheckSelector(VectorSelector selector)
    {
        if (selector.Name.Length > 0)
        {
            foreach (Matcher matcher in selector.Matchers.SkipLast(1).Where(IsOnName))
            {
                Add(selector, $"metric name must not be set twice: {GoQuoting.Quote(selector.Name)} or {GoQuoting.Quote(matcher.Value)}");
            }
        }
        else if (!selector.BypassEmptyMatcherCheck && selector.Matchers.All(matcher => matcher.MatchesEmpty))
        {
            Add(selector, "vector selector must contain at least one non-empty matcher");
        }
    }

    private static bool IsOnName(Matcher matcher) => LabelNames.MetricName.SequenceEqual(matcher.NameUtf8);

    private void CheckCall(Call call)
    {
        CheckArgumentCount(call);
        if (call.Function.Name == "info" && call.Arguments.Count > 1)
        {
            CheckInfoSelector(call);
        }

        IReadOnlyList<ExprType> types = call.Function.ArgumentTypes;
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            if (i >= types.Count && call.Function.Variadic == 0)
            {
                break;
            }

            Expr argument = call.Arguments[i];
            Expect(argument, types[Math.Min(i, types.Count - 1)], $"call to function {GoQuoting.Quote(call.Function.Name)}");
        }
    }

    private void CheckArgumentCount(Call call)
    {
        FunctionSignature function = call.Function;
        int count = call.Arguments.Count;
        int listed = function.ArgumentTypes.Count;
        string name = GoQuoting.Quote(function.Name);
        if (function.Variadic == 0 && count != listed)
        {
            Add(call, $"expected {listed} argument(s) in call to {name}, got {count}");
        }
        else if (function.Variadic != 0 && count < listed - 1)
        {
            Add(call, $"expected at least {listed - 1} argument(s) in call to {name}, got {count}");
        }
        else if (function.Variadic > 0 && count > listed - 1 + function.Variadic)
        {
            Add(call, $"expected at most {listed - 1 + function.Variadic} argument(s) in call to {name}, got {count}");
        }
    }

    /// <summary>The second argument of <c>info</c> selects labels: a selector without a metric name, which may match everything.</summary>
    private void CheckInfoSelector(Call call)
    {
        Expr argument = call.Arguments[1];
        if (argument.Type != ExprType.Vector)
        {
            Add(call, $"expected type instant vector in call to function \"info\", got {argument.Type.DocumentedName()}");
        }

        switch (argument)
        {
            case VectorSelector { Name.Length: > 0 }:
                Add(argument, "expected label selectors only, got vector selector instead");
                break;
            case VectorSelector selector:
                selector.BypassEmptyMatcherCheck = true;
                break;
            default:
                Add(argument, "expected label selectors only");
                break;
        }
    }

    private void CheckBinary(BinaryExpr binary)
    {
        ExprType left = Check(binary.Left);
        ExprType right = Check(binary.Right);
        CheckComparison(binary);
        if (binary.Op.IsSet() && binary.Matching!.Cardinality == VectorMatchCardinality.OneToOne)
        {
            binary.Matching.Cardinality = VectorMatchCardinality.ManyToMany;
        }

        CheckGroupLabels(binary);
        CheckOperand(binary.Left, left);
        CheckOperand(binary.Right, right);
        if (left != ExprType.Vector || right != ExprType.Vector)
        {
            CheckNoMatching(binary);
        }
        else if (binary.Op.IsSet())
        {
            CheckSetMatching(binary);
        }

        if (binary.Op.IsSet() && (left == ExprType.Scalar || right == ExprType.Scalar))
        {
            Add(binary, $"set operator \"{binary.Op.Symbol()}\" not allowed in binary scalar expression");
        }
    }

    private void CheckComparison(BinaryExpr binary)
    {
        if (binary.ReturnBool && !binary.Op.IsComparison())
        {
            tokens.AddError(OperatorRange(binary), "bool modifier can only be used on comparison operators");
        }

        if (binary.Op.IsComparison() && !binary.ReturnBool && binary.Type == ExprType.Scalar)
        {
            tokens.AddError(OperatorRange(binary), "comparisons between scalars must use BOOL modifier");
        }
    }

    private void CheckGroupLabels(BinaryExpr binary)
    {
        if (!binary.Matching!.On)
        {
            return;
        }

        foreach (string label in binary.Matching.MatchingLabels)
        {
            foreach (string _ in binary.Matching.Include.Where(included => included == label))
            {
                tokens.AddError(
                    OperatorRange(binary), $"label {GoQuoting.Quote(label)} must not occur in ON and GROUP clause at once");
            }
        }
    }

    private void CheckOperand(Expr operand, ExprType type)
    {
        if (type is not (ExprType.Scalar or ExprType.Vector))
        {
            Add(operand, "binary expression must contain only scalar and instant vector types");
        }
    }

    private void CheckNoMatching(BinaryExpr binary)
    {
        if (binary.Matching!.MatchingLabels.Count > 0)
        {
            Add(binary, "vector matching only allowed between instant vectors");
        }

        if (binary.Matching.HasFill)
        {
            Add(binary, "filling in missing series only allowed between instant vectors");
        }

        binary.Matching = null;
    }

    private void CheckSetMatching(BinaryExpr binary)
    {
        if (binary.Matching!.Cardinality is VectorMatchCardinality.OneToMany or VectorMatchCardinality.ManyToOne)
        {
            Add(binary, $"no grouping allowed for \"{binary.Op.Symbol()}\" operation");
        }

        if (binary.Matching.Cardinality != VectorMatchCardinality.ManyToMany)
        {
            Add(binary, "set operations must always be many-to-many");
        }

        if (binary.Matching.HasFill)
        {
            Add(binary, "filling in missing series not allowed for set operators");
        }
    }

    /// <summary>The range between the operands without the white space at either end; its end is the last character of it.</summary>
    private PositionRange OperatorRange(BinaryExpr binary)
    {
        int start = binary.Left.PositionRange.End;
        while (start < tokens.Source.Length && CharacterClasses.IsSpace(tokens.Source[start]))
        {
            start++;
        }

        int end = binary.Right.PositionRange.Start - 1;
        while (end > 0 && CharacterClasses.IsSpace(tokens.Source[end]))
        {
            end--;
        }

        return new PositionRange(start, end);
    }
}
