using System.Buffers;
using Forethought.Model;
using Forethought.PromQL.Execution;
using Forethought.PromQL.Syntax;
using Forethought.Regex;

namespace Forethought.PromQL.Planning;

/// <summary>Plans <c>label_replace</c> and <c>label_join</c>.</summary>
internal static class LabelCalls
{
    /// <summary>The text of a string argument.</summary>
    public static string TextOf(Expr argument) => ((StringLiteral)StepInvariance.Unwrap(argument)).Value;

    /// <exception cref="PromQlException">The pattern or a label name is not valid.</exception>
    public static LabelRewrite PlanReplace(QueryPlanner planner, Call call, EvaluationScope scope)
    {
        string destination = TextOf(call.Arguments[1]);
        byte[] template = StringUnquoting.ToBytes(TextOf(call.Arguments[2]));
        byte[] source = StringUnquoting.ToBytes(TextOf(call.Arguments[3]));
        string pattern = TextOf(call.Arguments[4]);
        Re2Regex regex = Compile(pattern);
        byte[] destinationUtf8 = CheckName(destination, "destination", "label_replace");
        int[] captures = new int[regex.CaptureLength];
        var replacement = new ArrayBufferWriter<byte>();
        return new LabelRewrite(scope, planner.PlanVector(call.Arguments[0], scope), Replace, destination == "__name__");

        bool Replace(LabelsBuilder labels)
        {
            byte[] value = labels.Get(source).ToArray();
            if (!regex.TryMatch(value, captures))
                return false;
            replacement.ResetWrittenCount();
            regex.Expand(template, value, captures, replacement);
            labels.Set(destinationUtf8, replacement.WrittenSpan);
            return true;
        }
    }

    /// <exception cref="PromQlException">A label name is not valid.</exception>
    public static LabelRewrite PlanJoin(QueryPlanner planner, Call call, EvaluationScope scope)
    {
        string destination = TextOf(call.Arguments[1]);
        byte[] separator = StringUnquoting.ToBytes(TextOf(call.Arguments[2]));
        byte[][] sources = [.. call.Arguments.Skip(3).Select(static argument => CheckName(TextOf(argument), "source", "label_join"))];
        byte[] destinationUtf8 = CheckName(destination, "destination", "label_join");
        var joined = new ArrayBufferWriter<byte>();
        return new LabelRewrite(scope, planner.PlanVector(call.Arguments[0], scope), Join, destination == "__name__");

        bool Join(LabelsBuilder labels)
        {
            joined.ResetWrittenCount();
            for (int i = 0; i < sources.Length; i++)
            {
                if (i > 0)
                    joined.Write(separator);
                joined.Write(labels.Get(sources[i]));
            }

            labels.Set(destinationUtf8, joined.WrittenSpan);
            return true;
        }
    }

    private static Re2Regex Compile(string pattern)
    {
        try
        {
            return Re2Regex.CompileAnchored(pattern);
        }
        catch (Re2SyntaxException exception)
        {
            throw new PromQlException($"invalid regular expression in label_replace(): {pattern}", exception);
        }
    }

    private static byte[] CheckName(string name, string role, string function)
    {
        byte[] utf8 = StringUnquoting.ToBytes(name);
        return MetricNames.IsUtf8Name(utf8) ? utf8 : throw new PromQlException($"invalid {role} label name in {function}(): {name}");
    }
}
