using System.Text.RegularExpressions;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;
using Pattern = System.Text.RegularExpressions.Regex;

namespace Forethought.PromQL.Tests.Scripts;

/// <summary>
/// Runs a script. Each evaluation is tried as upstream does: as written; for an instant query also with <c>@</c> on every
/// selector at other times, and as the middle step of a range query.
/// </summary>
internal sealed partial class ScriptRunner(QueryEngine engine, Func<Task<IScriptStorage>> open)
{
    /// <summary>Whether an annotation that a script does not expect is a failure.</summary>
    public bool EveryAnnotationIsExpected { get; init; }

    /// <summary>Whether floats must agree to the last digits.</summary>
    public bool FloatsAreExact { get; init; }

    /// <summary>Runs all commands; returns what went wrong, by evaluation, with null for those that passed.</summary>
    public async Task<List<(EvalCommand Command, string? Failure)>> RunAsync(string script)
    {
        var outcomes = new List<(EvalCommand, string?)>();
        IScriptStorage storage = await open();
        foreach (ScriptCommand command in ScriptParser.Parse(script))
        {
            switch (command)
            {
                case ClearCommand:
                    await storage.DisposeAsync();
                    storage = await open();
                    break;
                case LoadCommand load:
                    await load.RunAsync(storage);
                    break;
                case EvalCommand eval:
                    eval.FloatsAreExact = FloatsAreExact;
                    outcomes.Add((eval, await TryAsync(eval, storage)));
                    break;
            }
        }

        await storage.DisposeAsync();
        return outcomes;
    }

    private async Task<string?> TryAsync(EvalCommand command, IScriptStorage storage)
    {
        try
        {
            if (command.IsRange)
                return await RunRangeAsync(command, storage);
            foreach ((string expression, long timeMs) in Variants(command))
            {
                if (await RunInstantAsync(command, expression, timeMs, storage) is { } failure)
                    return $"{expression} at {timeMs}: {failure}";
            }

            return null;
        }
        catch (Exception exception) when (exception is not (PromQlException or PromQlParseException))
        {
            return exception.ToString();
        }
    }

    private async Task<string?> RunRangeAsync(EvalCommand command, IScriptStorage storage)
    {
        (QueryResult? result, string? error) = await ExecuteAsync(
            () => engine.PrepareRange(command.Expression, command.StartMs, command.EndMs, command.StepMs), storage);
        return ResultChecks.CheckFailure(command, error, out string? failure) ? failure
            : CheckAnnotations(command, command.Expression, result!) ?? ResultChecks.CheckMatrix(command, result!);
    }

    private async Task<string?> RunInstantAsync(EvalCommand command, string expression, long timeMs, IScriptStorage storage)
    {
        (QueryResult? result, string? error) = await ExecuteAsync(() => engine.PrepareInstant(expression, timeMs), storage);
        if (ResultChecks.CheckFailure(command, error, out string? failure))
            return failure;
        failure = CheckAnnotations(command, expression, result!) ?? ResultChecks.CheckInstant(command, result!);
        if (failure is not null || command.IsInstantOnly || QueryBoundsPattern().IsMatch(expression))
            return failure;

        (QueryResult? range, error) = await ExecuteAsync(
            () => engine.PrepareRange(expression, timeMs - 60_000, timeMs + 60_000, 60_000), storage);
        if (error is not null)
            return "range mode: " + error;
        if (command.IsOrdered)
            return null;
        failure = ResultChecks.CheckStep(command, result!.Kind, range!, step: 1);
        return failure is null ? null : "range mode: " + failure;
    }

    /// <summary>Positions only agree in the expression as it was written.</summary>
    private string? CheckAnnotations(EvalCommand command, string expression, QueryResult result) =>
        EveryAnnotationIsExpected && expression != command.Expression
            ? null
            : ResultChecks.CheckAnnotations(command, result, EveryAnnotationIsExpected);

    private async Task<(QueryResult? Result, string? Error)> ExecuteAsync(Func<PreparedQuery> prepare, IScriptStorage storage)
    {
        try
        {
            return (await engine.ExecuteAsync(prepare(), storage.Samples, CancellationToken.None), null);
        }
        catch (Exception exception) when (exception is PromQlException or PromQlParseException)
        {
            return (null, exception.Message);
        }
    }

    private static IEnumerable<(string Expression, long TimeMs)> Variants(EvalCommand command)
    {
        yield return (command.Expression, command.TimeMs);
        if (Parse(command.Expression) is not { } expr || !AtModifiers.TryFix(expr, command.TimeMs))
            yield break;
        string fixedExpression = expr.ToString();
        long[] times = command.TimeMs == 0
            ? [-1000, 0, 1000]
            : [-10 * command.TimeMs, 0, command.TimeMs / 5, command.TimeMs, 10 * command.TimeMs];
        foreach (long timeMs in times)
            yield return (fixedExpression, timeMs);
    }

    private static Expr? Parse(string expression)
    {
        try
        {
            return PromQlParser.ParseExpression(expression, ParserOptions.Everything);
        }
        catch (PromQlParseException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"(start|end|range|step)\(\)")]
    private static partial Pattern QueryBoundsPattern();
}
