using System.Globalization;
using Forethought.Regex.Unicode;

namespace Forethought.Regex.Syntax;

/// <summary>
/// Parses RE2 syntax with Perl flags into a tree, with the limits and the error texts of Go's <c>regexp/syntax</c>.
/// Groups are kept on an explicit stack: nesting costs memory, never call depth.
/// </summary>
internal sealed class Parser
{
    /// <summary>The greatest height of a tree.</summary>
    internal const int MaxHeight = 1000;

    private const int MaxRepeat = 1000;

    /// <summary>The most instructions: 128 MiB of Go's 40 bytes.</summary>
    private const long MaxSize = (128 << 20) / 40;

    /// <summary>The most runes in literals and bounds of classes: 128 MiB of 4 bytes.</summary>
    private const long MaxRunes = (128 << 20) / 4;

    /// <summary>The most parts of sequences and choices over all nodes made: flattening copies them again at each level. This limit is ours.</summary>
    private const long MaxParts = 1 << 24;

    private readonly PatternReader _reader;
    private readonly ClassParser _classes;
    private readonly Stack<OpenGroup> _outer = new();
    private readonly List<string> _groupNames = [""];
    private OpenGroup _group = new(capture: 0, ParseFlags.None);
    private ParseFlags _flags;
    private long _runes;
    private long _parts;

    private Parser(string pattern, ParseFlags flags)
    {
        _reader = new PatternReader(pattern);
        _classes = new ClassParser(_reader);
        _flags = flags;
    }

    private bool FoldCase => (_flags & ParseFlags.FoldCase) != 0;

    /// <summary>Parses <paramref name="pattern"/>.</summary>
    /// <exception cref="Re2SyntaxException">The pattern is not valid.</exception>
    internal static ParsedPattern Parse(string pattern, ParseFlags flags)
    {
        var parser = new Parser(pattern, flags);
        return new ParsedPattern(parser.ParseAll(), parser._groupNames);
    }

    private Node ParseAll()
    {
        int previousRepeat = -1;
        while (!_reader.AtEnd)
        {
            int start = _reader.Position;
            previousRepeat = ReadItem(previousRepeat) ? start : -1;
        }

        Node root = CloseGroup();
        if (_outer.Count > 0)
            throw new Re2SyntaxException(SyntaxErrors.MissingParenthesis, _reader.Text);
        return root;
    }

    /// <summary>Reads one item at the cursor; true if it is a repetition operator.</summary>
    private bool ReadItem(int previousRepeat)
    {
        switch (_reader.Current)
        {
            case '(':
                ReadOpening();
                return false;
            case ')':
                ReadClosing();
                return false;
            case '|':
                _reader.Position++;
                Check(_group.EndAlternative());
                return false;
            case '^':
                return AddAssertion(MultiLine(AssertionKinds.BeginLine, AssertionKinds.BeginText), length: 1);
            case '$':
                return AddAssertion(MultiLine(AssertionKinds.EndLine, AssertionKinds.EndText), length: 1);
            case '.':
                _reader.Position++;
                AddClass((_flags & ParseFlags.DotMatchesNewline) != 0 ? RuneSet.Any : RuneSet.AnyButNewline);
                return false;
            case '[':
                AddClass(_classes.ReadBracketed(FoldCase));
                return false;
            case '*':
                return ReadRepeatOperator(0, RepeatNode.Unbounded, previousRepeat);
            case '+':
                return ReadRepeatOperator(1, RepeatNode.Unbounded, previousRepeat);
            case '?':
                return ReadRepeatOperator(0, 1, previousRepeat);
            case '{':
                return ReadCountedRepeat(previousRepeat);
            case '\\':
                ReadBackslash();
                return false;
            default:
                AddLiteral(_reader.ReadRune());
                return false;
        }
    }

    private AssertionKinds MultiLine(AssertionKinds line, AssertionKinds text) => (_flags & ParseFlags.MultiLine) != 0 ? line : text;

    private void ReadBackslash()
    {
        int start = _reader.Position;
        char letter = start + 1 < _reader.Text.Length ? _reader.Text[start + 1] : '\0';
        switch (letter)
        {
            case 'A':
                AddAssertion(AssertionKinds.BeginText, length: 2);
                return;
            case 'z':
                AddAssertion(AssertionKinds.EndText, length: 2);
                return;
            case 'b':
                AddAssertion(AssertionKinds.WordBoundary, length: 2);
                return;
            case 'B':
                AddAssertion(AssertionKinds.NotWordBoundary, length: 2);
                return;
            case 'Q':
                ReadQuoted();
                return;
        }

        RuneSet? set = _classes.ReadEscape(FoldCase);
        if (set is not null)
            AddClass(set);
        else
            AddLiteral(EscapeParser.Read(_reader));
    }

    private void ReadQuoted()
    {
        _reader.Position += 2;
        int end = _reader.Text.IndexOf(@"\E", _reader.Position, StringComparison.Ordinal);
        int stop = end < 0 ? _reader.Text.Length : end;
        while (_reader.Position < stop)
            AddLiteral(_reader.ReadRune());
        if (end >= 0)
            _reader.Position = end + 2;
    }

    private void ReadOpening()
    {
        int start = _reader.Position;
        if (!_reader.LooksAt("(?"))
        {
            _reader.Position++;
            OpenCapture("");
            return;
        }

        // (?P<name>…) and (?<name>…), which need something after the <.
        int room = _reader.Text.Length - start;
        if (room > 4 && _reader.LooksAt("(?P<"))
            ReadNamedCapture(start, start + 4);
        else if (room > 3 && _reader.LooksAt("(?<"))
            ReadNamedCapture(start, start + 3);
        else
            ReadFlags(start);
    }

    private void ReadNamedCapture(int start, int nameStart)
    {
        string text = _reader.Text;
        int end = text.IndexOf('>', start);
        if (end < 0)
        {
            _reader.CheckWellFormed(start, text.Length);
            throw new Re2SyntaxException(SyntaxErrors.InvalidNamedCapture, text[start..]);
        }

        _reader.CheckWellFormed(nameStart, end);
        string name = text[nameStart..end];
        if (name.Length == 0 || !name.All(c => c == '_' || char.IsAsciiLetterOrDigit(c)))
            throw new Re2SyntaxException(SyntaxErrors.InvalidNamedCapture, text[start..(end + 1)]);
        _reader.Position = end + 1;
        OpenCapture(name);
    }

    /// <summary>Reads <c>(?i)</c>, <c>(?i-s:</c> and the like.</summary>
    private void ReadFlags(int start)
    {
        _reader.Position = start + 2;
        ParseFlags flags = _flags;
        bool clears = false, sawFlag = false;
        while (!_reader.AtEnd)
        {
            int rune = _reader.ReadRune();
            if (rune is ':' or ')')
            {
                if (clears && !sawFlag)
                    break;
                if (rune == ':')
                    Open(capture: 0);
                _flags = flags;
                return;
            }

            if (rune == '-' && !clears)
            {
                clears = true;
                sawFlag = false;
                continue;
            }

            ParseFlags flag = FlagOf(rune);
            if (flag == ParseFlags.None)
                break;
            flags = clears ? flags & ~flag : flags | flag;
            sawFlag = true;
        }

        throw new Re2SyntaxException(SyntaxErrors.InvalidPerlOperator, _reader.Since(start));
    }

    private static ParseFlags FlagOf(int rune) => rune switch
    {
        'i' => ParseFlags.FoldCase,
        'm' => ParseFlags.MultiLine,
        's' => ParseFlags.DotMatchesNewline,
        'U' => ParseFlags.NonGreedy,
        _ => ParseFlags.None,
    };

    private void OpenCapture(string name)
    {
        _groupNames.Add(name);
        Open(_groupNames.Count - 1);
    }

    private void Open(int capture)
    {
        _outer.Push(_group);
        _group = new OpenGroup(capture, _flags);
    }

    private void ReadClosing()
    {
        Node body = CloseGroup();
        if (_outer.Count == 0)
            throw new Re2SyntaxException(SyntaxErrors.UnexpectedParenthesis, _reader.Text);

        _reader.Position++;
        int capture = _group.Capture;
        _flags = _group.OuterFlags;
        _group = _outer.Pop();
        Add(capture == 0 ? body : new CaptureNode(body, capture));
    }

    private Node CloseGroup()
    {
        Check(_group.EndAlternative());
        return Check(_group.Close());
    }

    private bool ReadCountedRepeat(int previousRepeat)
    {
        int start = _reader.Position;
        if (!TryReadCounts(out int minimum, out int maximum))
        {
            _reader.Position = start + 1;
            AddLiteral('{');
            return false;
        }

        if (minimum > MaxRepeat || maximum > MaxRepeat || (maximum >= 0 && minimum > maximum))
            throw new Re2SyntaxException(SyntaxErrors.InvalidRepeatSize, _reader.Since(start));
        RepeatNode node = Repeat(start, minimum, maximum, previousRepeat);
        if ((minimum >= 2 || maximum >= 2) && node.RepeatProduct > MaxRepeat)
            throw new Re2SyntaxException(SyntaxErrors.InvalidRepeatSize, _reader.Since(start));
        return true;
    }

    /// <summary>Reads <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>; false if the text is not of that form.</summary>
    private bool TryReadCounts(out int minimum, out int maximum)
    {
        _reader.Position++;
        maximum = 0;
        if (!TryReadCount(out minimum) || _reader.AtEnd)
            return false;
        maximum = minimum;
        if (_reader.Current == ',')
        {
            _reader.Position++;
            maximum = RepeatNode.Unbounded;
            if (_reader.AtEnd || (_reader.Current != '}' && !TryReadCount(out maximum)))
                return false;
        }

        if (_reader.AtEnd || _reader.Current != '}')
            return false;
        _reader.Position++;
        return true;
    }

    /// <summary>Reads a decimal number without leading zeros; one that is too long becomes a number that is too great.</summary>
    private bool TryReadCount(out int count)
    {
        int start = _reader.Position;
        while (!_reader.AtEnd && char.IsAsciiDigit(_reader.Current))
            _reader.Position++;
        ReadOnlySpan<char> digits = _reader.Text.AsSpan(start, _reader.Position - start);
        count = 0;
        if (digits.Length == 0 || (digits.Length > 1 && digits[0] == '0'))
            return false;
        count = digits.Length > 6 ? int.MaxValue : int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return true;
    }

    private bool ReadRepeatOperator(int minimum, int maximum, int previousRepeat)
    {
        int start = _reader.Position++;
        Repeat(start, minimum, maximum, previousRepeat);
        return true;
    }

    /// <summary>Repeats the last node. The operator begins at <paramref name="start"/>; the cursor is after it, before a <c>?</c>.</summary>
    private RepeatNode Repeat(int start, int minimum, int maximum, int previousRepeat)
    {
        bool greedy = (_flags & ParseFlags.NonGreedy) == 0;
        if (!_reader.AtEnd && _reader.Current == '?')
        {
            _reader.Position++;
            greedy = !greedy;
        }

        if (previousRepeat >= 0)
            throw new Re2SyntaxException(SyntaxErrors.InvalidRepeatOperator, _reader.Since(previousRepeat));
        if (_group.TakeLast() is not { } body)
            throw new Re2SyntaxException(SyntaxErrors.MissingRepeatArgument, _reader.Since(start));
        var node = new RepeatNode(body, minimum, maximum, greedy);
        Add(node);
        return node;
    }

    private bool AddAssertion(AssertionKinds kind, int length)
    {
        _reader.Position += length;
        Add(new AssertionNode(kind));
        return false;
    }

    private void AddLiteral(int rune)
    {
        CountRunes(1);
        _group.AddLiteral(FoldCase ? CaseFolding.Smallest(rune) : rune, FoldCase);
    }

    /// <summary>Adds a class, as a literal if it is one rune in one or in both of its cases.</summary>
    private void AddClass(RuneSet set)
    {
        CountRunes(set.Bounds.Length);
        int first = set.Bounds.IsEmpty ? 0 : set.Bounds[0], last = set.Bounds.IsEmpty ? 0 : set.Bounds[^1];
        switch (set.Count)
        {
            case 1:
                _group.AddLiteral(first, foldCase: false);
                break;
            case 2 when CaseFolding.Next(first) == last && CaseFolding.Next(last) == first:
                _group.AddLiteral(first, foldCase: true);
                break;
            default:
                Add(new ClassNode(set));
                break;
        }
    }

    private void CountRunes(int count)
    {
        _runes += count;
        if (_runes > MaxRunes)
            throw new Re2SyntaxException(SyntaxErrors.TooLarge, _reader.Text);
    }

    private void Add(Node node) => _group.Add(Check(node));

    private Node Check(Node node)
    {
        _parts += node switch
        {
            ConcatNode sequence => sequence.Parts.Count,
            AlternateNode choice => choice.Alternatives.Count,
            _ => 0,
        };
        if (node.Size > MaxSize || _parts > MaxParts)
            throw new Re2SyntaxException(SyntaxErrors.TooLarge, _reader.Text);
        if (node.Height > MaxHeight)
            throw new Re2SyntaxException(SyntaxErrors.NestingDepth, _reader.Text);
        return node;
    }
}
