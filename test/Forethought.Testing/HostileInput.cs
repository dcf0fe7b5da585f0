using Xunit;

namespace Forethought.Testing;

/// <summary>
/// Feeds a decoder with damaged input and demands that it either takes it or refuses it in the way it documents, and that it allocates
/// no more than a multiple of what it was given. Endless loops are for <see cref="Decode"/> to notice, which knows how many steps an
/// input can be worth.
/// </summary>
public sealed class HostileInput
{
    private const int ShownBytes = 2048;

    /// <summary>Valid inputs, of all kinds that the decoder knows.</summary>
    public required IReadOnlyList<byte[]> Seeds { get; init; }

    /// <summary>Decodes an input to its end.</summary>
    public required Action<byte[]> Decode { get; init; }

    /// <summary>Whether a failure is the one that the decoder documents.</summary>
    public required Predicate<Exception> IsDocumented { get; init; }

    /// <summary>Puts right checksums into a damaged input, so that the damage comes to what they protect.</summary>
    public Func<byte[], byte[]> Seal { get; init; } = bytes => bytes;

    /// <summary>How many bytes may be allocated for each byte of input.</summary>
    public int AllocatedPerByte { get; init; } = 32;

    /// <summary>How many bytes may be allocated whatever the input is: buffers of fixed size, an exception and its texts.</summary>
    public int AllocatedAlways { get; init; } = 64 << 10;

    /// <summary>Feeds the seeds as they are, which must be taken, and cut at every byte, or every few.</summary>
    public void Cut(int step = 1)
    {
        foreach (byte[] seed in Seeds)
        {
            Decode(seed);
            for (int length = 0; length < seed.Length; length += step)
                Feed(seed[..length], $"cut at {length}");
        }
    }

    /// <summary>Feeds mutated seeds, half of them as they are and half under right checksums.</summary>
    /// <param name="seed">The seed of the randomness.</param>
    /// <param name="rounds">How many, in the short run.</param>
    public void Mutate(int seed, int rounds)
    {
        foreach (byte[] whole in Seeds)
            Decode(whole);
        Random random = Fuzz.Random(seed);
        var mutator = new Mutator(random, Seeds);
        for (int round = 0; round < Fuzz.Rounds(rounds); round++)
        {
            byte[] mutated = mutator.Next();
            Feed(random.Next(4) == 0 ? mutated : Seal(mutated), $"round {round} of seed {seed}");
        }
    }

    private void Feed(byte[] bytes, string which)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Decode(bytes);
        }
        catch (Exception e)
        {
            if (!IsDocumented(e))
                Assert.Fail($"{which}: {e}\n{Show(bytes)}");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        long allowed = AllocatedAlways + (long)AllocatedPerByte * bytes.Length;
        if (allocated > allowed)
            Assert.Fail($"{which}: {allocated} bytes allocated for {bytes.Length}, allowed are {allowed}\n{Show(bytes)}");
    }

    private static string Show(byte[] bytes) => Convert.ToHexString(bytes, 0, Math.Min(bytes.Length, ShownBytes));
}
