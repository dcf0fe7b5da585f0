using System.Buffers.Binary;

namespace Forethought.Regex.Rewriting;

/// <summary>A set of literals, found by hash.</summary>
internal sealed class SetMatcher : ValueMatcher
{
    /// <summary>Open addressing, at most half full; null is a free place.</summary>
    private readonly byte[]?[] _places;

    /// <summary>Bit n is set if a literal is n bytes long, bit 63 if one is that long or longer.</summary>
    private readonly ulong _lengths;

    internal SetMatcher(IReadOnlyCollection<byte[]> literals)
    {
        _places = new byte[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)literals.Count * 2 + 2)][];
        foreach (byte[] literal in literals)
        {
            _lengths |= LengthBit(literal);
            _places[Find(literal)] = literal;
        }
    }

    internal override bool IsMatch(ReadOnlySpan<byte> value) => (_lengths & LengthBit(value)) != 0 && _places[Find(value)] is not null;

    private static ulong LengthBit(ReadOnlySpan<byte> value) => 1UL << Math.Min(value.Length, 63);

    /// <summary>The place of the value, or the free one where it would be.</summary>
    private int Find(ReadOnlySpan<byte> value)
    {
        int mask = _places.Length - 1;
        int place = (int)Hash(value) & mask;
        while (_places[place] is { } literal && !value.SequenceEqual(literal))
            place = (place + 1) & mask;
        return place;
    }

    private static ulong Hash(ReadOnlySpan<byte> value)
    {
        const ulong Multiplier = 0x9E3779B97F4A7C15;
        ulong hash = (ulong)value.Length * Multiplier;
        for (; value.Length >= 8; value = value[8..])
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(value));
        ulong tail = 0;
        foreach (byte b in value)
            tail = (tail << 8) | b;
        return Mix(hash ^ tail);

        static ulong Mix(ulong x)
        {
            x *= Multiplier;
            return x ^ (x >> 32);
        }
    }
}
