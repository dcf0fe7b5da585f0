using Forethought.Server;
using Forethought.Testing;

namespace Forethought.Tests.Server;

public sealed class FeatureSwitchesTests
{
    [Fact]
    public void Names_are_separated_by_commas_and_sorted_into_kinds()
    {
        var features = new FeatureSwitches(["promql-experimental-functions,native-histograms", "old-ui,nonsense"]);
        Assert.True(features["promql-experimental-functions"]);
        Assert.False(features["promql-per-step-stats"]);
        Assert.Equal(["old-ui"], features.Missing);
        Assert.Equal(["nonsense"], features.Unknown);
    }

    [Fact]
    public void Every_feature_of_the_reference_is_known()
    {
        string[] names =
        [
            .. Surface.Rows("feature_flags.tsv")
                .Where(row => row[1].Contains("prometheus", StringComparison.Ordinal) && !row[0].StartsWith('('))
                .SelectMany(row => row[0].Split(", ")),
        ];
        Assert.NotEmpty(names);
        var features = new FeatureSwitches(names);
        Assert.Empty(features.Unknown);
        TestContext.Current.TestOutputHelper?.WriteLine($"{names.Length} features, {features.Missing.Count} not there: {string.Join(' ', features.Missing)}");
    }
}
