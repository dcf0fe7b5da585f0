using System.Numerics;

namespace Forethought.Encoding;

/// <summary>
/// Writes the sequences section of a zstd block with the predefined tables (RFC 8878, section 3.1.1.3.2). The decoder reads the bits
/// from their end, so the sequences are written last first: each state is chosen so that decoding it leads to the one chosen before.
/// Reused; not thread-safe.
/// </summary>
internal sealed class ZstdSequenceWriter
{
    /// <summary>A sequence takes at most three codes of 6 bits and 16, 16 and 28 extra bits.</summary>
    private const int MaxSequenceBytes = 11;

    private const int HeaderBytes = 4;

    private readonly ZstdFseTable _literalTable = new(9, 36);
    private readonly ZstdFseTable _offsetTable = new(8, 32);
    private readonly ZstdFseTable _matchTable = new(9, 53);
    private (int Literals, int Match, int Offset)[] _sequences = new (int, int, int)[256];

    public ZstdSequenceWriter()
    {
        _literalTable.Fill(ZstdSequences.DefaultLiteralLengths, 6);
        _offsetTable.Fill(ZstdSequences.DefaultOffsets, 5);
        _matchTable.Fill(ZstdSequences.DefaultMatchLengths, 6);
    }

    public int Count { get; private set; }

    /// <summary>What the section takes at most.</summary>
    public int MaxBytes => HeaderBytes + 8 + Count * MaxSequenceBytes;

    public void Clear() => Count = 0;

    /// <param name="literals">Literals to copy.</param>
    /// <param name="match">Bytes to repeat after them, at least 3.</param>
    /// <param name="offset">How far back they are, at least 1.</param>
    public void Add(int literals, int match, int offset)
    {
        if (Count == _sequences.Length)
            Array.Resize(ref _sequences, 2 * Count);
        _sequences[Count++] = (literals, match, offset);
    }

    /// <summary>Writes the section, of one sequence at least, and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        int header = WriteCount(destination);
        // All three tables are the predefined ones.
        destination[header++] = 0;
        var bits = new BitSink(destination[header..]);
        uint literalState = 0, offsetState = 0, matchState = 0;
        for (int i = Count - 1; i >= 0; i--)
        {
            (int literals, int match, int offset) = _sequences[i];
            int literalCode = ZstdSequences.CodeOf(literals, ZstdSequences.LiteralLengthBases, 16, 0);
            int matchCode = ZstdSequences.CodeOf(match, ZstdSequences.MatchLengthBases, 32, 3);
            uint offsetValue = (uint)offset + 3;
            int offsetCode = BitOperations.Log2(offsetValue);
            bool isLast = i == Count - 1;
            offsetState = Step(ref bits, _offsetTable, offsetCode, offsetState, isLast);
            matchState = Step(ref bits, _matchTable, matchCode, matchState, isLast);
            literalState = Step(ref bits, _literalTable, literalCode, literalState, isLast);
            if (literalCode >= 16)
                bits.Write(literals - ZstdSequences.LiteralLengthBases[literalCode - 16], ZstdSequences.LiteralLengthBits[literalCode - 16]);
            if (matchCode >= 32)
                bits.Write(match - ZstdSequences.MatchLengthBases[matchCode - 32], ZstdSequences.MatchLengthBits[matchCode - 32]);
            bits.Write((int)(offsetValue - (1u << offsetCode)), offsetCode);
        }

        bits.Write((int)matchState, _matchTable.Accuracy);
        bits.Write((int)offsetState, _offsetTable.Accuracy);
        bits.Write((int)literalState, _literalTable.Accuracy);
        return header + bits.Finish();
    }

    /// <summary>
    /// Finds the state that has the symbol and from which the decoder can reach <paramref name="next"/>, and writes the bits that
    /// take it there. Behind the last sequence there is no next state, and any that has the symbol will do.
    /// </summary>
    private static uint Step(ref BitSink bits, ZstdFseTable table, int symbol, uint next, bool isLast)
    {
        for (uint state = 0; ; state++)
        {
            if (table.SymbolOf(state) != symbol)
                continue;
            if (isLast)
                return state;
            if (!table.Reaches(state, next, out int value, out int count))
                continue;
            bits.Write(value, count);
            return state;
        }
    }

    private int WriteCount(Span<byte> destination)
    {
        if (Count < 128)
        {
            destination[0] = (byte)Count;
            return 1;
        }

        if (Count < 0x7f00)
        {
            destination[0] = (byte)((Count >> 8) + 128);
            destination[1] = (byte)Count;
            return 2;
        }

        destination[0] = 255;
        destination[1] = (byte)(Count - 0x7f00);
        destination[2] = (byte)((Count - 0x7f00) >> 8);
        return 3;
    }

    /// <summary>Bits in the order of their bytes, least significant first, closed by a one bit.</summary>
    private ref struct BitSink(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;
        private ulong _pending;
        private int _pendingBits;
        private int _length;

        public void Write(int value, int count)
        {
            _pending |= (ulong)(uint)value << _pendingBits;
            _pendingBits += count;
            for (; _pendingBits >= 8; _pendingBits -= 8, _pending >>= 8)
                _destination[_length++] = (byte)_pending;
        }

        public int Finish()
        {
            Write(1, 1);
            if (_pendingBits > 0)
                _destination[_length++] = (byte)_pending;
            return _length;
        }
    }
}
