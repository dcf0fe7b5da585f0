using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Forethought.Testing;

/// <summary>
/// Damages valid inputs in the ways that hurt decoders: flipped bits, cuts, bytes added and taken, numbers that are huge where a length may
/// stand, parts of other inputs. The same seeds and the same randomness give the same inputs.
/// </summary>
public sealed class Mutator(Random random, IReadOnlyList<byte[]> seeds)
{
    private const int HeaderBytes = 16;

    private static readonly byte[][] Numbers =
    [
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        [0xff, 0xff, 0xff, 0xff, 0x0f],
        [0x80, 0x80, 0x80, 0x80, 0x08],
        [0xff, 0xff, 0xff, 0xff, 0x07],
        [0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
        [0xff, 0xff, 0x7f],
        [0x80, 0x01],
        [0xff, 0xff, 0xff, 0xff],
        [0x7f, 0xff, 0xff, 0xff],
        [0x80, 0x00, 0x00, 0x00],
        [0x00, 0x00, 0x00, 0x00],
        [0x00, 0x00, 0x00, 0x01],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
    ];

    /// <summary>A seed with one to five faults.</summary>
    public byte[] Next()
    {
        var bytes = new List<byte>(seeds[random.Next(seeds.Count)]);
        for (int faults = random.Next(1, 6); faults > 0 && bytes.Count > 0; faults--)
            Harm(bytes);
        return [.. bytes];
    }

    private void Harm(List<byte> bytes)
    {
        int at = Place(bytes);
        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 3:
                bytes[at] = (byte)random.Next(256);
                break;
            case 4:
                bytes[at] = (byte)random.Next(4);
                break;
            case 5:
                bytes.InsertRange(at, Noise());
                break;
            case 6:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                break;
            case 7:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 8:
                Overwrite(bytes, at, Numbers[random.Next(Numbers.Length)]);
                break;
            case 9:
                bytes.InsertRange(at, Numbers[random.Next(Numbers.Length)]);
                break;
            case 10:
                AddToNumber(bytes, at);
                break;
            default:
                Splice(bytes, at);
                break;
        }
    }

    // Beginnings decide more than the rest.
    private int Place(List<byte> bytes) => random.Next(random.Next(3) == 0 ? Math.Min(HeaderBytes, bytes.Count) : bytes.Count);

    private byte[] Noise()
    {
        byte[] noise = new byte[random.Next(1, 9)];
        random.NextBytes(noise);
        return noise;
    }

    private static void Overwrite(List<byte> bytes, int at, ReadOnlySpan<byte> number)
    {
        for (int i = 0; i < number.Length && at + i < bytes.Count; i++)
            bytes[at + i] = number[i];
    }

    private void AddToNumber(List<byte> bytes, int at)
    {
        if (at + sizeof(uint) > bytes.Count)
            return;
        Span<byte> number = stackalloc byte[sizeof(uint)];
        CollectionsMarshal.AsSpan(bytes).Slice(at, sizeof(uint)).CopyTo(number);
        uint changed = BinaryPrimitives.ReadUInt32BigEndian(number) + (uint)random.Next(-2, 3);
        BinaryPrimitives.WriteUInt32BigEndian(number, changed);
        Overwrite(bytes, at, number);
    }

    private void Splice(List<byte> bytes, int at)
    {
        byte[] other = seeds[random.Next(seeds.Count)];
        if (other.Length == 0)
            return;
        int from = random.Next(other.Length);
        byte[] part = other[from..(from + random.Next(1, Math.Min(other.Length - from, 64) + 1))];
        if (random.Next(2) == 0)
            bytes.RemoveRange(at, Math.Min(part.Length, bytes.Count - at));
        bytes.InsertRange(at, part);
    }
}
