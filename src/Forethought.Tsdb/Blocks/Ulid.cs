using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// A universally unique, lexicographically sortable identifier: 48 bits of milliseconds since the Unix epoch and 80 random bits, as
/// text 26 digits of Crockford's base 32 (github.com/ulid/spec). Orders by time, as numbers and as text.
/// </summary>
public readonly struct Ulid : IEquatable<Ulid>, IComparable<Ulid>
{
    /// <summary>The characters of the text form.</summary>
    public const int TextLength = 26;

    /// <summary>The last time that fits, in milliseconds since the Unix epoch.</summary>
    public const long MaxTimeMs = (1L << 48) - 1;

    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int BitsPerDigit = 5;

    private readonly UInt128 _value;

    private Ulid(UInt128 value) => _value = value;

    /// <summary>The time it was made, in milliseconds since the Unix epoch.</summary>
    public long TimeMs => (long)(ulong)(_value >> 80);

    /// <summary>Makes an identifier.</summary>
    /// <param name="time">Now, as a rule.</param>
    /// <param name="random">What makes it unique.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is before 1970 or after the year 10889.</exception>
    [SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "Identifiers must be unique, not secret.")]
    public static Ulid Create(DateTimeOffset time, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        long timeMs = time.ToUnixTimeMilliseconds();
        ArgumentOutOfRangeException.ThrowIfNegative(timeMs, nameof(time));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeMs, MaxTimeMs, nameof(time));
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes[6..]);
        UInt128 randomness = BinaryPrimitives.ReadUInt128BigEndian(bytes) & ((UInt128.One << 80) - 1);
        return new Ulid(((UInt128)(ulong)timeMs << 80) | randomness);
    }

    /// <summary>Reads the text form; letters may be of either case.</summary>
    /// <returns>Whether the text is an identifier: 26 digits of the alphabet and no more than 128 bits.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Ulid ulid)
    {
        ulid = default;
        if (text.Length != TextLength || text[0] > '7')
            return false;
        UInt128 value = 0;
        foreach (char c in text)
        {
            int digit = Digits.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal);
            if (digit < 0 || !char.IsAscii(c))
                return false;
            value = (value << BitsPerDigit) | (uint)digit;
        }

        ulid = new Ulid(value);
        return true;
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is no identifier.</exception>
    public static Ulid Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out Ulid ulid) ? ulid : throw new FormatException($"ulid: bad data when unmarshaling \"{text}\"");

    /// <inheritdoc/>
    public bool Equals(Ulid other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Ulid other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(Ulid other) => _value.CompareTo(other._value);

    /// <summary>The 26 digits.</summary>
    public override string ToString() => string.Create(TextLength, _value, static (text, value) =>
    {
        for (int i = text.Length - 1; i >= 0; i--, value >>= BitsPerDigit)
            text[i] = Digits[(int)(uint)(value & 31)];
    });

    /// <summary>Whether both are the same.</summary>
    public static bool operator ==(Ulid left, Ulid right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(Ulid left, Ulid right) => !left.Equals(right);

    /// <summary>Whether the left one sorts first.</summary>
    public static bool operator <(Ulid left, Ulid right) => left.CompareTo(right) < 0;

    /// <summary>Whether the right one does not sort first.</summary>
    public static bool operator <=(Ulid left, Ulid right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the right one sorts first.</summary>
    public static bool operator >(Ulid left, Ulid right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one does not sort first.</summary>
    public static bool operator >=(Ulid left, Ulid right) => left.CompareTo(right) >= 0;
}
