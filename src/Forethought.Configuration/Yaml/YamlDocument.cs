using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Forethought.Configuration.Yaml;

/// <summary>
/// Reads the first document of a YAML text into nodes. Only the event parser of the YAML library is used; what the events mean
/// (types, merge keys, aliases, duplicate keys) is decided here and in <see cref="YamlDecoder"/>, as Go's yaml.v2 decides it.
/// </summary>
public sealed class YamlDocument
{
    /// <summary>Nesting allowed in a document; configuration needs about ten, and each level costs stack in the decoder.</summary>
    internal const int MaxDepth = 256;

    private readonly Parser _parser;
    private readonly Dictionary<string, YamlNode?> _anchors = new(StringComparer.Ordinal);

    // The bracket that closes the innermost flow collection being read.
    private char? _openFlow;

    private YamlDocument(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>The root node of the first document, or <see langword="null"/> when there is none.</summary>
    /// <param name="utf8">The text in UTF-8, with or without a byte-order mark.</param>
    /// <exception cref="ConfigurationException">The text is not YAML; the message begins with <c>yaml:</c>.</exception>
    public static YamlNode? Parse(ReadOnlySpan<byte> utf8)
    {
        if (YamlInput.FindProblem(utf8) is { } problem)
        {
            throw new ConfigurationException("yaml: " + problem);
        }

        string text = System.Text.Encoding.UTF8.GetString(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8);
        for (int repairs = 0; ; repairs++)
        {
            var document = new YamlDocument(text);
            try
            {
                return document.ReadDocument();
            }
            catch (YamlException e)
            {
                text = repairs < YamlLeniency.MaxRepairs && YamlLeniency.TryRepair(text, e, out string? repaired)
                    ? repaired
                    : throw new ConfigurationException(YamlSyntaxError.Describe(e, text), e);
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
            {
                throw new ConfigurationException(document.DescribeLeak(), e);
            }
        }
    }

    // The parser leaks exceptions of the runtime on some malformed inputs; most are brackets that were not closed.
    private string DescribeLeak() => _openFlow is { } closing
        ? YamlSyntaxError.AtParserLine($"did not find expected ',' or '{closing}'", (_parser.Current?.End.Line ?? 0) + 1)
        : "yaml: unknown problem parsing YAML content";

    private YamlNode? ReadDocument()
    {
        while (_parser.MoveNext())
        {
            switch (_parser.Current)
            {
                case StreamStart or DocumentStart:
                    continue;
                case StreamEnd or DocumentEnd:
                    return null;
                default:
                    return ReadRoot();
            }
        }

        return null;
    }

    private YamlNode ReadRoot()
    {
        YamlNode root = ReadNode(1);

        // The document's end is demanded, so that trailing rubbish after the root is an error.
        Next();
        return root;
    }

    private ParsingEvent Next() =>
        _parser.MoveNext() ? _parser.Current! : throw new ConfigurationException(
            "yaml: attempted to go past the end of stream; corrupted value?");

    private YamlNode ReadNode(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ConfigurationException($"yaml: exceeded max depth of {MaxDepth}");
        }

        ParsingEvent current = _parser.Current!;
        (int line, int column) = ((int)current.Start.Line, (int)current.Start.Column);
        switch (current)
        {
            case AnchorAlias alias:
                string name = alias.Value.Value;
                return _anchors.TryGetValue(name, out YamlNode? target)
                    ? new YamlAlias(name, target, line, column)
                    : throw new ConfigurationException($"yaml: unknown anchor '{name}' referenced");
            case Scalar scalar:
                return Anchored(scalar, ReadScalar(scalar, line, column));
            case SequenceStart start:
                Announce(start);
                return Anchored(start, ReadSequence(start, depth, line, column));
            case MappingStart start:
                Announce(start);
                return Anchored(start, ReadMapping(start, depth, line, column));
            default:
                throw new ConfigurationException("yaml: unknown problem parsing YAML content");
        }
    }

    private static YamlScalar ReadScalar(Scalar scalar, int line, int column)
    {
        bool plainStyle = scalar.Style is ScalarStyle.Plain or ScalarStyle.Any;
        if (scalar.Tag.IsEmpty)
        {
            return new YamlScalar(scalar.Value, "", plainStyle, line, column);
        }

        // The tag "!" only says "a string".
        return new YamlScalar(scalar.Value, scalar.Tag.IsNonSpecific
            ? YamlTags.String
            : YamlTags.Shorten(scalar.Tag.Value), false, line, column);
    }

    private YamlSequence ReadSequence(SequenceStart start, int depth, int line, int column)
    {
        var items = new List<YamlNode>();
        char? outer = Open(start.Style == SequenceStyle.Flow ? ']' : null);
        while (Next() is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
        }

        _openFlow = outer;
        return new YamlSequence(items, false, line, column);
    }

    private YamlMapping ReadMapping(MappingStart start, int depth, int line, int column)
    {
        var entries = new List<KeyValuePair<YamlNode, YamlNode>>();
        char? outer = Open(start.Style == MappingStyle.Flow ? '}' : null);
        while (Next() is not MappingEnd)
        {
            YamlNode key = ReadNode(depth + 1);
            Next();
            entries.Add(KeyValuePair.Create(key, ReadNode(depth + 1)));
        }

        _openFlow = outer;
        return new YamlMapping(entries, line, column);
    }

    private char? Open(char? closing)
    {
        char? outer = _openFlow;
        _openFlow = closing;
        return outer;
    }

    // An open anchor is known, without a node: an alias inside of it contains itself.
    private void Announce(NodeEvent start)
    {
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = null;
        }
    }

    private T Anchored<T>(NodeEvent start, T node)
        where T : YamlNode
    {
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = node;
        }

        return node;
    }
}
