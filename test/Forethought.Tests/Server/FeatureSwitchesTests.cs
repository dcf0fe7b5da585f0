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

    // Texts of upstream's setFeatureListOptions.
    [Theory]
    [InlineData("xor2-encoding", true, "This option for --enable-feature is being phased out. It currently changes the default for the storage.tsdb.chunk_encoding.floats config setting to xor2, but will become a no-op in a future major version. Stop using this option and set storage.tsdb.chunk_encoding.floats in the config instead.")]
    [InlineData("extra-scrape-metrics", true, "This option for --enable-feature is being phased out. It currently changes the default for the extra_scrape_metrics config setting to true, but will become a no-op in a future version. Stop using this option and set extra_scrape_metrics in the config instead.")]
    [InlineData("native-histograms", true, "This option for --enable-feature is a no-op. To scrape native histograms, set the scrape_native_histograms scrape config setting to true.")]
    [InlineData("promql-duration-expr", true, "This option for --enable-feature is now permanently enabled and therefore a no-op.")]
    [InlineData("fast-startup", false, "Experimental fast startup is enabled.")]
    [InlineData("use-uncached-io", false, "Experimental Uncached IO is enabled.")]
    public void A_feature_that_is_asked_for_is_announced(string name, bool isWarning, string text) =>
        Assert.Equal(new FeatureNotice(name, text, isWarning), Assert.Single(new FeatureSwitches([name]).Notices));

    [Fact]
    public void Names_of_earlier_releases_are_unknown()
    {
        var features = new FeatureSwitches(["agent,remote-write-receiver,utf8-names"]);
        Assert.Equal(["agent", "remote-write-receiver", "utf8-names"], features.Unknown);
    }

    [Fact]
    public void Every_feature_of_the_reference_is_known()
    {
        string[] names =
        [
            .. Surface.Rows("feature_flags.tsv")
                .Where(row => row[1].Contains("prometheus", StringComparison.Ordinal) && !row[0].StartsWith('('))
                .Where(row => !row[2].StartsWith("removed", StringComparison.Ordinal))
                .Select(row => row[0]),
        ];
        Assert.NotEmpty(names);
        var features = new FeatureSwitches(names);
        Assert.Empty(features.Unknown);
        TestContext.Current.TestOutputHelper?.WriteLine($"{names.Length} features, {features.Missing.Count} not there: {string.Join(' ', features.Missing)}");
    }
}
