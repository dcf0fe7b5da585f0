using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Forethought.Encoding;

namespace Forethought.Client;

/// <summary>
/// The collectors of a process, or of a part of it. Knows what each may expose, refuses what would collide, and collects them all
/// for a scrape. Thread-safe: collecting takes no lock, and sees a collector that is being registered or removed either way.
/// </summary>
public sealed class MetricRegistry
{
    private readonly Lock _lock = new();

    // By identity of each descriptor; and the first descriptor seen under each name, which is kept when its collector leaves,
    // because a name must mean the same as long as the process runs.
    private readonly Dictionary<string, ICollector> _byIdentity = [];
    private readonly Dictionary<string, MetricDescriptor> _dimensions = [];

    // Replaced as a whole under the lock; ordered by the first family's name, so that what is collected is nearly sorted.
    private ICollector[] _collectors = [];

    // One writer is kept from scrape to scrape; concurrent scrapes bring their own.
    private MetricWriter? _spareWriter;

    /// <summary>Adds a collector.</summary>
    /// <exception cref="AlreadyRegisteredException">A collector of exactly these descriptors is registered.</exception>
    /// <exception cref="MetricRegistrationException">A descriptor is taken, or contradicts one of its name.</exception>
    public void Register(ICollector collector)
    {
        ArgumentNullException.ThrowIfNull(collector);
        IReadOnlyList<MetricDescriptor> descriptors = collector.Descriptors;
        lock (_lock)
        {
            Dictionary<string, MetricDescriptor> newNames = [];
            foreach (MetricDescriptor descriptor in descriptors)
                CheckDimensions(descriptor, newNames);
            if (FindEqual(descriptors) is { } existing)
                throw new AlreadyRegisteredException(existing);
            foreach (MetricDescriptor descriptor in descriptors)
                CheckIsFree(descriptor, newNames);
            foreach (MetricDescriptor descriptor in descriptors)
                _byIdentity[descriptor.Identity] = collector;
            foreach (MetricDescriptor descriptor in newNames.Values)
                _dimensions[descriptor.Name] = descriptor;
            _collectors = [.. _collectors.Append(collector).OrderBy(FirstName, StringComparer.Ordinal)];
        }
    }

    /// <summary>Adds a collector, or returns the one of the same type and exactly the same descriptors that is registered.</summary>
    /// <exception cref="MetricRegistrationException">A descriptor is taken otherwise, or contradicts one of its name.</exception>
    public TCollector RegisterOrGet<TCollector>(TCollector collector)
        where TCollector : class, ICollector
    {
        try
        {
            Register(collector);
            return collector;
        }
        catch (AlreadyRegisteredException registered) when (registered.Existing is TCollector)
        {
            return (TCollector)registered.Existing;
        }
    }

    /// <summary>Removes the collector with exactly these descriptors; false if there is none.</summary>
    public bool Unregister(ICollector collector)
    {
        ArgumentNullException.ThrowIfNull(collector);
        lock (_lock)
        {
            ICollector? existing = collector.Descriptors.Count == 0
                ? _collectors.FirstOrDefault(registered => ReferenceEquals(registered, collector))
                : FindEqual(collector.Descriptors);
            if (existing is null)
                return false;
            foreach (MetricDescriptor descriptor in existing.Descriptors)
                _byIdentity.Remove(descriptor.Identity);
            _collectors = [.. _collectors.Where(registered => !ReferenceEquals(registered, existing))];
            return true;
        }
    }

    /// <summary>Makes and registers a counter.</summary>
    /// <exception cref="MetricRegistrationException">The name is taken.</exception>
    public Counter CreateCounter(string name, string help, MetricOptions? options = null) => Add(new Counter(name, help, options));

    /// <summary>Makes and registers a family of counters.</summary>
    /// <exception cref="MetricRegistrationException">The name is taken.</exception>
    public CounterFamily CreateCounterFamily(string name, string help, IReadOnlyList<string> labelNames, MetricOptions? options = null) =>
        Add(new CounterFamily(name, help, labelNames, options));

    /// <summary>Makes and registers a counter that is read when collected.</summary>
    /// <exception cref="MetricRegistrationException">The name is taken.</exception>
    public CounterFunc CreateCounterFunc(string name, string help, Func<double> read, MetricOptions? options = null) =>
        Add(new CounterFunc(name, help, read, options));

    /// <summary>Makes and registers a gauge.</summary>
    /// <exception cref="MetricRegistrationException">The name is taken.</exception>
    public Gauge CreateGauge(string name, string help, MetricOptions? options = null) => Add(new Gauge(name, help, options));

    /// <summary>Makes and registers a family of gauges.</summary>
    /// <exception cref="MetricRegistrationException">The name is taken.</exception>
    public GaugeFamily CreateGaugeFamily(string name, string help, IReadOnlyList<string> labelNames, MetricOptions? options = null) =>
        Add(new GaugeFamily(name, help, labelNames, options));

    /// <summary>Makes and registers a gauge that is read when collected.</summary>
    /// <exception cref="MetricRegistrationException">The name is taken.</exception>
    public GaugeFunc CreateGaugeFunc(string name, string help, Func<double> read, MetricOptions? options = null) =>
        Add(new GaugeFunc(name, help, read, options));

    /// <summary>Makes and registers a histogram.</summary>
    /// <exception cref="MetricRegistrationException">The name is taken.</exception>
    public Histogram CreateHistogram(string name, string help, HistogramOptions? options = null) => Add(new Histogram(name, help, options));

    /// <summary>Makes and registers a family of histograms.</summary>
    /// <exception cref="MetricRegistrationException">The name is taken.</exception>
    public HistogramFamily CreateHistogramFamily(
        string name, string help, IReadOnlyList<string> labelNames, HistogramOptions? options = null) =>
        Add(new HistogramFamily(name, help, labelNames, options));

    /// <summary>Makes and registers a summary.</summary>
    /// <exception cref="MetricRegistrationException">The name is taken.</exception>
    public Summary CreateSummary(string name, string help, SummaryOptions? options = null) => Add(new Summary(name, help, options));

    /// <summary>Makes and registers a family of summaries.</summary>
    /// <exception cref="MetricRegistrationException">The name is taken.</exception>
    public SummaryFamily CreateSummaryFamily(
        string name, string help, IReadOnlyList<string> labelNames, SummaryOptions? options = null) =>
        Add(new SummaryFamily(name, help, labelNames, options));

    /// <summary>Collects everything and writes it in the given format, complete to its last line.</summary>
    /// <exception cref="MetricGatherException">A collector failed, or collectors contradict each other; nothing was written.</exception>
    public void Write(IBufferWriter<byte> output, ExpositionFormat format)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(format);
        MetricWriter collected = Gather();
        try
        {
            if (collected.Table.Errors.Count > 0)
                throw new MetricGatherException(collected.Table.Errors);
            using var exposition = new ExpositionWriter(output, format);
            MetricTableExposition.Write(collected.Table, exposition, names: null);
            exposition.Complete();
        }
        finally
        {
            Return(collected);
        }
    }

    /// <summary>Everything in the text format, for tests and diagnosis.</summary>
    /// <exception cref="MetricGatherException">A collector failed, or collectors contradict each other.</exception>
    public string ToText()
    {
        var text = new ArrayBufferWriter<byte>();
        Write(text, ExpositionFormat.Get(ExpositionKind.Text, NameEscapingScheme.AllowUtf8));
        return System.Text.Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Collects from every collector, sorted; errors are in the table. Give the writer back with <see cref="Return"/>.</summary>
    internal MetricWriter Gather()
    {
        MetricWriter writer = Interlocked.Exchange(ref _spareWriter, null) ?? new MetricWriter();
        foreach (ICollector collector in Volatile.Read(ref _collectors))
            Collect(collector, writer);
        writer.Table.Complete();
        return writer;
    }

    internal void Return(MetricWriter writer)
    {
        writer.Table.Clear();
        Volatile.Write(ref _spareWriter, writer);
    }

    [SuppressMessage("Design", "CA1031", Justification = "A failing collector must not hide the others; its error is in the answer.")]
    private static void Collect(ICollector collector, MetricWriter writer)
    {
        try
        {
            collector.Collect(writer);
        }
        catch (Exception e)
        {
            writer.Table.Errors.Add($"collector {collector.GetType().Name} failed: {e.Message}");
        }
    }

    private static string FirstName(ICollector collector) => collector.Descriptors is [var first, ..] ? first.Name : "";

    private TCollector Add<TCollector>(TCollector collector)
        where TCollector : ICollector
    {
        Register(collector);
        return collector;
    }

    /// <summary>The registered collector whose descriptors are these, no more and no fewer; null if there is none.</summary>
    private ICollector? FindEqual(IReadOnlyList<MetricDescriptor> descriptors)
    {
        if (descriptors.Count == 0 || !_byIdentity.TryGetValue(descriptors[0].Identity, out ICollector? candidate))
            return null;
        return candidate.Descriptors.Select(descriptor => descriptor.Identity).ToHashSet()
            .SetEquals(descriptors.Select(descriptor => descriptor.Identity)) ? candidate : null;
    }

    private void CheckDimensions(MetricDescriptor descriptor, Dictionary<string, MetricDescriptor> newNames)
    {
        if (_dimensions.TryGetValue(descriptor.Name, out MetricDescriptor? known) && !known.HasSameDimensions(descriptor))
        {
            throw new MetricRegistrationException(
                $"a previously registered descriptor with the same fully-qualified name as {descriptor} "
                + "has different label names or a different help string");
        }

        if (newNames.TryGetValue(descriptor.Name, out MetricDescriptor? sibling) && !sibling.HasSameDimensions(descriptor))
        {
            throw new MetricRegistrationException(
                "descriptors reported by collector have inconsistent label names or help strings "
                + $"for the same fully-qualified name, offender is {descriptor}");
        }

        newNames.TryAdd(descriptor.Name, descriptor);
    }

    private void CheckIsFree(MetricDescriptor descriptor, Dictionary<string, MetricDescriptor> newNames)
    {
        if (_byIdentity.ContainsKey(descriptor.Identity))
        {
            throw new MetricRegistrationException(
                $"descriptor {descriptor} already exists with the same fully-qualified name and const label values");
        }

        CheckSuffixes(descriptor, name => newNames.GetValueOrDefault(name) ?? _dimensions.GetValueOrDefault(name));
    }

    /// <summary>Summaries and histograms take the names with their suffixes too.</summary>
    private static void CheckSuffixes(MetricDescriptor descriptor, Func<string, MetricDescriptor?> find)
    {
        string name = descriptor.Name;
        foreach (string suffix in (ReadOnlySpan<string>)["_count", "_sum", "_bucket"])
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal) && find(name[..^suffix.Length]) is { } whole && Takes(whole, suffix))
            {
                string kind = whole.Type == MetricType.Summary ? "summary" : "histogram";
                throw new MetricRegistrationException(
                    $"collected metric named {GoQuote.Quote(name)} collides with "
                    + $"previously collected {kind} named {GoQuote.Quote(whole.Name)}");
            }

            if (Takes(descriptor, suffix) && find(name + suffix) is { } part)
            {
                string kind = suffix == "_bucket" ? "histogram" : "histogram or summary";
                throw new MetricRegistrationException(
                    $"collected {kind} named {GoQuote.Quote(name)} collides with "
                    + $"previously collected metric named {GoQuote.Quote(part.Name)}");
            }
        }

        static bool Takes(MetricDescriptor metric, string suffix) =>
            metric.Type is MetricType.Histogram or MetricType.GaugeHistogram || (metric.Type == MetricType.Summary && suffix != "_bucket");
    }
}
