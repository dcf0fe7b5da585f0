using System.Numerics;

namespace Forethought.Tsdb.Tests.Chunks;

/// <summary>Bits one by one, as slow and plain as can be: what the encoders of the references write to.</summary>
internal sealed class ReferenceBits
{
    private readonly List<bool> _bits = [];

    public void Write(ulong value, int count)
    {
        for (int i = count - 1; i >= 0; i--)
            _bits.Add(((value >> i) & 1) != 0);
    }

    public void WriteUvarint(ulong value)
    {
        while (value >= 0x80)
        {
            Write((value & 0x7f) | 0x80, 8);
            value >>= 7;
        }

        Write(value, 8);
    }

    public void WriteVarint(long value) => WriteUvarint(((ulong)value << 1) ^ (ulong)(value >> 63));

    /// <summary>The varbit table of the format's description; n bits hold −(2^(n−1)−1) to 2^(n−1).</summary>
    public void WriteVarbit(long value)
    {
        int[] widths = [3, 6, 9, 12, 18, 25, 56];
        if (value == 0)
        {
            Write(0, 1);
            return;
        }

        for (int i = 0; i < widths.Length; i++)
        {
            BigInteger half = BigInteger.One << (widths[i] - 1);
            if (value < -(half - 1) || value > half)
                continue;
            Write((1UL << (i + 2)) - 2, i + 2);
            Write((ulong)value, widths[i]);
            return;
        }

        Write(0xff, 8);
        Write((ulong)value, 64);
    }

    /// <summary>The bytes behind a header, the last one filled up with zeros.</summary>
    public byte[] ToBytes(params ReadOnlySpan<byte> header)
    {
        byte[] bytes = new byte[header.Length + (_bits.Count + 7) / 8];
        header.CopyTo(bytes);
        for (int i = 0; i < _bits.Count; i++)
        {
            if (_bits[i])
                bytes[header.Length + i / 8] |= (byte)(0x80 >> (i % 8));
        }

        return bytes;
    }
}
