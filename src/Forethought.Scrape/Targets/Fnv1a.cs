namespace Forethought.Scrape.Targets;

/// <summary>The 64-bit FNV-1a hash, with which Prometheus tells targets apart and spreads their scrapes over the interval.</summary>
internal static class Fnv1a
{
    private const ulong OffsetBasis = 0xcbf29ce484222325;
    private const ulong Prime = 0x100000001b3;

    public static ulong Hash(string text)
    {
        ulong hash = OffsetBasis;
        foreach (byte b in System.Text.Encoding.UTF8.GetBytes(text))
            hash = (hash ^ b) * Prime;
        return hash;
    }
}
