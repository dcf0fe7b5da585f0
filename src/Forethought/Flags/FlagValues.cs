using System.Globalization;
using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Flags;

/// <summary>The values of all flags after a command line was read: what was given, else the default.</summary>
public sealed class FlagValues
{
    private readonly Dictionary<string, FlagDefinition> _flags;
    private readonly Dictionary<string, List<string>> _given;
    private readonly HashSet<string> _builtin;

    internal FlagValues(Dictionary<string, FlagDefinition> flags, Dictionary<string, List<string>> given, HashSet<string> builtin)
    {
        _flags = flags;
        _given = given;
        _builtin = builtin;
    }

    /// <summary>Whether help was asked for, in any of its forms.</summary>
    public bool WantsHelp => _builtin.Any(name => name.StartsWith("help", StringComparison.Ordinal));

    /// <summary>Whether the version was asked for.</summary>
    public bool WantsVersion => _builtin.Contains("version");

    /// <summary>Whether a flag stands on the command line.</summary>
    public bool IsGiven(string name) => _given.ContainsKey(name);

    /// <summary>The names of flags that were given and may only be given in a mode, as <c>--name</c>, in order of the command line.</summary>
    public IReadOnlyList<string> GivenFor(FlagMode mode) =>
        [.. _given.Keys.Where(name => _flags[name].Mode == mode).Select(name => "--" + name)];

    /// <summary>Every flag with its value as text, as <c>/api/v1/status/flags</c> lists them.</summary>
    public IReadOnlyDictionary<string, string> ToDictionary() => _flags.Values
        .OrderBy(flag => flag.Name, StringComparer.Ordinal)
        .ToDictionary(flag => flag.Name, flag => string.Join(',', Texts(flag.Name)));

    /// <summary>The value of a switch.</summary>
    public bool Bool(string name) => Text(name) == "true";

    /// <summary>The value as text; empty when there is none.</summary>
    public string Text(string name) => Texts(name) is [.., var last] ? last : "";

    /// <summary>All values of a repeatable flag.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (_given.TryGetValue(name, out List<string>? texts))
            return texts;
        return _flags[name].Default is { } text ? text.Split(',') : [];
    }

    /// <summary>A whole number, 0 when there is none.</summary>
    public long Integer(string name) => Text(name) is { Length: > 0 } text ? ParseInteger(text) : 0;

    /// <summary>A number, 0 when there is none.</summary>
    public double Float(string name) => Text(name) is { Length: > 0 } text ? ParseFloat(text) : 0;

    /// <summary>A duration, zero when there is none.</summary>
    public TimeSpan Duration(string name)
    {
        if (Text(name) is not { Length: > 0 } text)
            return TimeSpan.Zero;
        return _flags[name].Kind == FlagKind.GoDuration ? GoDuration.Parse(text) : PrometheusDuration.Parse(text);
    }

    /// <summary>A number of bytes, 0 when there is none.</summary>
    public long Bytes(string name) => Text(name) is { Length: > 0 } text ? ByteSize.Parse(text) : 0;

    /// <summary>Reads every value that was given.</summary>
    /// <exception cref="FlagException">A value is unusable, or a flag was given twice.</exception>
    internal void CheckAll()
    {
        foreach ((string name, List<string> texts) in _given)
        {
            FlagDefinition flag = _flags[name];
            if (texts.Count > 1 && flag.Kind != FlagKind.Strings)
                throw ValueError($"flag '{name}' cannot be repeated");
            try
            {
                Check(flag, texts[^1]);
            }
            catch (FormatException e)
            {
                throw ValueError(e.Message);
            }
        }
    }

    private static void Check(FlagDefinition flag, string text)
    {
        switch (flag.Kind)
        {
            case FlagKind.Integer: ParseInteger(text); break;
            case FlagKind.Float: ParseFloat(text); break;
            case FlagKind.Duration: PrometheusDuration.Parse(text); break;
            case FlagKind.GoDuration: GoDuration.Parse(text); break;
            case FlagKind.Bytes: ByteSize.Parse(text); break;
            case FlagKind.Enum when !flag.Choices.Contains(text):
                throw new FormatException(flag.ChoiceError is { } error
                    ? string.Format(CultureInfo.InvariantCulture, error, text)
                    : $"enum value must be one of {string.Join(',', flag.Choices)}, got '{text}'");
            default: break;
        }
    }

    private static FlagException ValueError(string message) => new(message) { IsValueError = true };

    private static double ParseFloat(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new FormatException($"strconv.ParseFloat: parsing {GoQuote.Quote(text)}: invalid syntax");

    // Prometheus reads whole numbers as floats and cuts off the fraction.
    private static long ParseInteger(string text) => (long)ParseFloat(text);
}
