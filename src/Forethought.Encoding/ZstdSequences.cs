namespace Forethought.Encoding;

/// <summary>
/// The sequences section of a zstd block (RFC 8878, section 3.1.1.3.2): how many literals to copy, then how far back and how long
/// to repeat. Reused; not thread-safe.
/// </summary>
internal sealed class ZstdSequences
{
    private readonly ZstdFseTable _literalLengths = new(9, 36);
    private readonly ZstdFseTable _offsets = new(8, 32);
    private readonly ZstdFseTable _matchLengths = new(9, 53);

    // The last three offsets, most recent first.
    private uint _offset1;
    private uint _offset2;
    private uint _offset3;

    public static ReadOnlySpan<short> DefaultLiteralLengths =>
    [
        4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
    ];

    public static ReadOnlySpan<short> DefaultMatchLengths =>
    [
        1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ];

    public static ReadOnlySpan<short> DefaultOffsets =>
    [
        1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
    ];

    // From code 16 on; below, the code is the length.
    public static ReadOnlySpan<int> LiteralLengthBases =>
        [16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];

    public static ReadOnlySpan<byte> LiteralLengthBits => [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    // From code 32 on; below, the length is the code plus three.
    public static ReadOnlySpan<int> MatchLengthBases =>
        [35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539];

    public static ReadOnlySpan<byte> MatchLengthBits => [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    /// <summary>The code of a length: itself less <paramref name="shift"/> below the first base, else that of the base it reaches.</summary>
    public static int CodeOf(int length, ReadOnlySpan<int> bases, int firstCode, int shift)
    {
        if (length < bases[0])
            return length - shift;
        int code = bases.Length - 1;
        while (bases[code] > length)
            code--;
        return firstCode + code;
    }

    /// <summary>Forgets tables and offsets: a frame begins without tables and with the offsets 1, 4 and 8.</summary>
    public void Clear()
    {
        _literalLengths.Clear();
        _offsets.Clear();
        _matchLengths.Clear();
        (_offset1, _offset2, _offset3) = (1, 4, 8);
    }

    /// <summary>Carries out a section.</summary>
    /// <param name="section">The rest of the block.</param>
    /// <param name="literals">The block's literals.</param>
    /// <param name="output">Where the block goes; holds what the frame has given so far.</param>
    /// <exception cref="InvalidDataException">The section ends or makes no sense, or gives more than a block may.</exception>
    public void Execute(ReadOnlySpan<byte> section, ReadOnlySpan<byte> literals, ZstdOutput output)
    {
        int count = ReadCount(ref section);
        if (count > 0)
        {
            ReadTables(ref section);
            literals = Execute(section, count, literals, output);
        }
        else if (!section.IsEmpty)
        {
            throw new InvalidDataException("bytes behind a block without sequences");
        }

        output.Append(literals);
    }

    private static int ReadCount(ref ReadOnlySpan<byte> section)
    {
        int first = TakeByte(ref section);
        return first switch
        {
            < 128 => first,
            < 255 => (first - 128 << 8) + TakeByte(ref section),
            _ => TakeByte(ref section) + (TakeByte(ref section) << 8) + 0x7f00,
        };
    }

    private void ReadTables(ref ReadOnlySpan<byte> section)
    {
        int modes = TakeByte(ref section);
        if ((modes & 3) != 0)
            throw new InvalidDataException("reserved bits are set");
        ReadTable(_literalLengths, modes >> 6, DefaultLiteralLengths, 6, ref section);
        ReadTable(_offsets, (modes >> 4) & 3, DefaultOffsets, 5, ref section);
        ReadTable(_matchLengths, (modes >> 2) & 3, DefaultMatchLengths, 6, ref section);
    }

    private static void ReadTable(
        ZstdFseTable table, int mode, ReadOnlySpan<short> defaults, int defaultAccuracy, ref ReadOnlySpan<byte> section)
    {
        switch (mode)
        {
            case 0:
                table.Fill(defaults, defaultAccuracy);
                break;
            case 1:
                table.FillWith(TakeByte(ref section));
                break;
            case 2:
                section = section[table.Read(section)..];
                break;
            default:
                if (table.Accuracy < 0)
                    throw new InvalidDataException("no table to use again");
                break;
        }
    }

    private ReadOnlySpan<byte> Execute(ReadOnlySpan<byte> bits, int count, ReadOnlySpan<byte> literals, ZstdOutput output)
    {
        var reader = new ZstdBitReader(bits);
        uint literalState = _literalLengths.FirstState(ref reader);
        uint offsetState = _offsets.FirstState(ref reader);
        uint matchState = _matchLengths.FirstState(ref reader);
        for (int i = 0; i < count; i++)
        {
            int offsetCode = _offsets.SymbolOf(offsetState);
            uint offsetValue = (1u << offsetCode) + reader.Read(offsetCode);
            int matchLength = ReadMatchLength(_matchLengths.SymbolOf(matchState), ref reader);
            int literalLength = ReadLiteralLength(_literalLengths.SymbolOf(literalState), ref reader);
            if (literalLength > literals.Length || reader.Remaining < 0)
                throw new InvalidDataException("sequences that end early");
            output.Append(literals[..literalLength]);
            literals = literals[literalLength..];
            output.Repeat(ResolveOffset(offsetValue, literalLength == 0), matchLength);
            if (i == count - 1)
                break;
            literalState = _literalLengths.Next(literalState, ref reader);
            matchState = _matchLengths.Next(matchState, ref reader);
            offsetState = _offsets.Next(offsetState, ref reader);
        }

        if (reader.Remaining != 0)
            throw new InvalidDataException("sequences of another length");
        return literals;
    }

    private static int ReadLiteralLength(int code, ref ZstdBitReader reader) =>
        code < 16 ? code : LiteralLengthBases[code - 16] + (int)reader.Read(LiteralLengthBits[code - 16]);

    private static int ReadMatchLength(int code, ref ZstdBitReader reader) =>
        code < 32 ? code + 3 : MatchLengthBases[code - 32] + (int)reader.Read(MatchLengthBits[code - 32]);

    /// <summary>
    /// Values above three are offsets plus three; one to three name a recent one, and without literals the next but one: the most
    /// recent would have gone on with the previous match.
    /// </summary>
    private uint ResolveOffset(uint value, bool isWithoutLiterals)
    {
        if (value > 3)
        {
            (_offset3, _offset2, _offset1) = (_offset2, _offset1, value - 3);
            return _offset1;
        }

        switch (value + (isWithoutLiterals ? 1u : 0u))
        {
            case 1:
                break;
            case 2:
                (_offset1, _offset2) = (_offset2, _offset1);
                break;
            case 3:
                (_offset1, _offset2, _offset3) = (_offset3, _offset1, _offset2);
                break;
            default:
                (_offset1, _offset2, _offset3) = (_offset1 - 1, _offset1, _offset2);
                break;
        }

        return _offset1;
    }

    private static byte TakeByte(ref ReadOnlySpan<byte> section)
    {
        if (section.IsEmpty)
            throw new InvalidDataException("a sequences section that ends early");
        byte first = section[0];
        section = section[1..];
        return first;
    }
}
