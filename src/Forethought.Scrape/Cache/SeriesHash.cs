using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Forethought.Scrape.Cache;

/// <summary>
/// The 64-bit hash by which a line is recognised, the text itself not being kept: products of words folded to half their width, four at a
/// time (after wyhash, github.com/wangyi-fudan/wyhash). Its seed differs from process to process, so that no target can prepare texts that
/// collide. Not stable: never to be stored.
/// </summary>
internal readonly struct SeriesHash
{
    private const ulong Secret1 = 0xa0761d6478bd642f;
    private const ulong Secret2 = 0xe7037ed1a0b428db;
    private const ulong Secret3 = 0x8ebc6af09c88c6e3;
    private const ulong Secret4 = 0x589965cc75374cc3;
    private const int Stride = 8;

    private readonly ulong _seed;

    // Mixed, so that seeds that are alike do not make hashes that are.
    public SeriesHash(ulong seed) => _seed = Fold(seed ^ Secret1, Secret2);

    /// <summary>The hash of a text.</summary>
    public ulong Compute(ReadOnlySpan<byte> text)
    {
        ulong lane1 = _seed ^ Secret1;
        if (text.Length < 16)
            return Finish(lane1, text);
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(text);
        ulong tail1 = BinaryPrimitives.ReadUInt64LittleEndian(text[^16..]);
        ulong tail2 = BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]);
        if (words.Length >= Stride)
        {
            ulong lane2 = _seed ^ Secret2, lane3 = _seed ^ Secret3, lane4 = _seed ^ Secret4;
            do
            {
                lane1 = Fold(words[0] ^ Secret1, words[1] ^ lane1);
                lane2 = Fold(words[2] ^ Secret2, words[3] ^ lane2);
                lane3 = Fold(words[4] ^ Secret3, words[5] ^ lane3);
                lane4 = Fold(words[6] ^ Secret4, words[7] ^ lane4);
                words = words[Stride..];
            }
            while (words.Length >= Stride);
            lane1 ^= Fold(lane2 ^ Secret2, lane3 ^ lane4);
        }

        for (; words.Length >= 2; words = words[2..])
            lane1 = Fold(words[0] ^ Secret1, words[1] ^ lane1);
        // The last 16 bytes again or for the first time: whatever the steps above left over is in them.
        return Fold(Secret4 ^ (ulong)text.Length, Fold(tail1 ^ Secret2, tail2 ^ lane1));
    }

    private static ulong Finish(ulong lane, ReadOnlySpan<byte> text)
    {
        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        text.CopyTo(padded);
        ulong first = BinaryPrimitives.ReadUInt64LittleEndian(padded);
        ulong second = BinaryPrimitives.ReadUInt64LittleEndian(padded[8..]);
        return Fold(Secret3 ^ (ulong)text.Length, Fold(first ^ Secret2, second ^ lane));
    }

    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}
