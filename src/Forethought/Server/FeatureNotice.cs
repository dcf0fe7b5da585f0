namespace Forethought.Server;

/// <summary>What the server says at its start about a feature that was asked for: upstream's words, as far as they are true here.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Text">What is said.</param>
/// <param name="IsWarning">Whether the operator should change the flag.</param>
internal sealed record FeatureNotice(string Name, string Text, bool IsWarning)
{
    private const string AlwaysOn = "This option for --enable-feature is now permanently enabled and therefore a no-op.";

    private static readonly Dictionary<string, FeatureNotice> All = new FeatureNotice[]
    {
        Warning(
            "extra-scrape-metrics",
            "This option for --enable-feature is being phased out. It currently changes the default for the extra_scrape_metrics config "
            + "setting to true, but will become a no-op in a future version. Stop using this option and set extra_scrape_metrics in the "
            + "config instead."),
        Warning(
            "xor2-encoding",
            "This option for --enable-feature is being phased out. It currently changes the default for the "
            + "storage.tsdb.chunk_encoding.floats config setting to xor2, but will become a no-op in a future major version. Stop using this "
            + "option and set storage.tsdb.chunk_encoding.floats in the config instead."),
        Warning("promql-duration-expr", AlwaysOn),
        Warning("ooo-native-histograms", AlwaysOn),
        Warning(
            "native-histograms",
            "This option for --enable-feature is a no-op. To scrape native histograms, set the scrape_native_histograms scrape config "
            + "setting to true."),
        Notice("exemplar-storage", "Experimental in-memory exemplar storage enabled"),
        Notice("memory-snapshot-on-shutdown", "Experimental memory snapshot on shutdown enabled"),
        Notice("metadata-wal-records", "Experimental metadata records in WAL enabled"),
        Notice("promql-per-step-stats", "Experimental per-step statistics reporting"),
        Notice("promql-experimental-functions", "Experimental PromQL functions enabled."),
        Notice("histograms-st-encoding", "Experimental ST-capable histogram chunk encoding enabled."),
        Notice("st-storage", "Experimental start timestamp storage enabled."),
        Notice("use-start-timestamps", "Experimental usage of start timestamps in PromQL engine is enabled."),
        Notice("delayed-compaction", "Experimental delayed compaction is enabled."),
        Notice("promql-delayed-name-removal", "Experimental PromQL delayed name removal enabled."),
        Notice("promql-extended-range-selectors", "Experimental PromQL extended range selectors enabled."),
        Notice("promql-binop-fill-modifiers", "Experimental PromQL binary operator fill modifiers enabled."),
        Notice("type-and-unit-labels", "Experimental type and unit labels enabled"),
        Notice("use-uncached-io", "Experimental Uncached IO is enabled."),
        Notice("fast-startup", "Experimental fast startup is enabled."),
    }.ToDictionary(notice => notice.Name);

    /// <summary>What is said about a feature; null for nothing.</summary>
    public static FeatureNotice? Of(string name) => All.GetValueOrDefault(name);

    private static FeatureNotice Notice(string name, string text) => new(name, text, IsWarning: false);

    private static FeatureNotice Warning(string name, string text) => new(name, text, IsWarning: true);
}
