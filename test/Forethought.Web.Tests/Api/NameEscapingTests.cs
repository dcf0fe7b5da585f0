namespace Forethought.Web.Tests.Api;

/// <summary>Names in the path of <c>/api/v1/label/…/values</c>; the pairs are those of prometheus/common's metric_test.go.</summary>
public sealed class NameEscapingTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("no:escaping_required", "no:escaping_required")]
    [InlineData("U__mysystem_2e_prod_2e_west_2e_cpu_2e_load", "mysystem.prod.west.cpu.load")]
    [InlineData("U__mysystem_2e_prod_2e_west_2e_cpu_2e_load__total", "mysystem.prod.west.cpu.load_total")]
    [InlineData("U__http_2e_status:sum", "http.status:sum")]
    [InlineData("U__label_20_with_20__1f631_", "label with 😱")]
    [InlineData("U___82b1__706b_", "花火")]
    [InlineData("U__label_20_with_20__100_", "label with \u0100")]
    [InlineData("U__no:unescapingrequired", "no:unescapingrequired")]
    [InlineData("U__capitals_2E_ok", "capitals.ok")]
    [InlineData("U__underscores__doubled__", "underscores_doubled_")]
    public void Are_unescaped(string escaped, string name) => Assert.Equal(name, NameEscaping.Unescape(escaped));

    [Theory]
    [InlineData("U__underscores_doubled_")]
    [InlineData("U__underscores__doubled_")]
    [InlineData("U__my__hack_2e_attempt_872348732fabdabbab_")]
    [InlineData("U__my__hack_2e")]
    [InlineData("U__bad__utf_2eg_")]
    [InlineData("U__bad__utf_D900_")]
    // Upstream counts to six before it looks for the end.
    [InlineData("U__last_10FFFF_")]
    [InlineData("U__sign_+2e_")]
    [InlineData("U__space_ 2e_")]
    public void Stand_for_themselves_when_they_are_not_well_escaped(string name) => Assert.Equal(name, NameEscaping.Unescape(name));

    [Fact]
    public async Task Are_looked_up_by_what_they_stand_for()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        await server.AppendAsync(Model.Labels.FromStrings("__name__", "m", "cpu.load_1", "high", "花火", "yes"), 1);
        Assert.Equal("""{"status":"success","data":["high"]}""", await server.GetAsync("/api/v1/label/U__cpu_2e_load__1/values"));
        Assert.Equal("""{"status":"success","data":["high"]}""", await server.GetAsync("/api/v1/label/cpu.load_1/values"));
        Assert.Equal("""{"status":"success","data":["yes"]}""", await server.GetAsync("/api/v1/label/U___82b1__706b_/values"));
        Assert.Equal("""{"status":"success","data":["yes"]}""", await server.GetAsync("/api/v1/label/%E8%8A%B1%E7%81%AB/values"));
    }
}
