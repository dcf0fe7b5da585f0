using Forethought.PromQL.Planning;
using Forethought.PromQL.Syntax;
using Xunit;

namespace Forethought.PromQL.Tests.Planning;

public sealed class StepInvarianceTests
{
    [Theory]
    [InlineData("x @ 10", true)]
    [InlineData("x @ end()", true)]
    [InlineData("x", false)]
    [InlineData("sum(rate(x[5m] @ 10)) / 2", true)]
    [InlineData("x @ 10 + y", false)]
    [InlineData("rate(x[5m:1m] @ 10)", true)]
    [InlineData("rate((x @ 10)[5m:1m])", false)]
    [InlineData("predict_linear(x[5m] @ 10, 60)", false)]
    [InlineData("timestamp(x @ 10)", true)]
    [InlineData("timestamp(abs(x @ 10))", false)]
    [InlineData("time()", false)]
    public void Only_what_is_fixed_in_time_is_evaluated_once(string query, bool invariant) =>
        Assert.Equal(invariant, StepInvariance.IsInvariant(PromQlParser.ParseExpression(query, ParserOptions.Everything)));
}
