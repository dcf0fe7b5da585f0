using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Forethought.Encoding;

/// <summary>
/// Numbers as UTF-8 text, the way Go's <c>strconv</c> and upstream's JSON and exposition code write and read them. Floats are written
/// with the fewest digits that read back as the same value; infinities and NaN are <c>+Inf</c>, <c>-Inf</c>, <c>NaN</c>.
/// </summary>
/// <remarks>Allocates nothing. Thread-safe.</remarks>
public static class GoNumber
{
    /// <summary>The room in bytes that all methods but <see cref="FormatFixed"/> demand.</summary>
    public const int MaxLength = 25;

    /// <summary>The room in bytes that <see cref="FormatFixed"/> demands: a sign, "0." and 324 decimals.</summary>
    public const int MaxFixedLength = 327;

    // Decimals of up to 15 digits are told apart by doubles, so one that reads back as the value is the shortest of all.
    private const double MaxSafeDecimal = 1e15;

    // At and above, and below, JSON values of vectors and matrices have an exponent.
    private const double MaxPlainSampleValue = 1e21;
    private const double MinPlainSampleValue = 1e-6;

    // Decimal exponents of the values that the 'g' form writes without one.
    private const int MinGeneralExponent = -4;
    private const int MaxGeneralExponent = 5;

    /// <summary>Writes Go's <c>'f', -1</c> form, never with an exponent: scalar results, <c>count_values</c>.</summary>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="MaxFixedLength"/>.</exception>
    public static int FormatFixed(double value, Span<byte> destination)
    {
        CheckRoom(destination, MaxFixedLength);
        if (TryFormatShort(value, destination, out int written) || TryFormatSpecial(value, destination, out written))
            return written;
        int sign = WriteSign(value, destination);
        return sign + WriteFixed(ShortestDecimal.Of(Math.Abs(value)), destination[sign..]);
    }

    /// <summary>Writes Go's <c>'e', -1</c> form: <c>d.ddde±dd</c>.</summary>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="MaxLength"/>.</exception>
    public static int FormatExponent(double value, Span<byte> destination)
    {
        CheckRoom(destination, MaxLength);
        if (TryFormatSpecial(value, destination, out int written))
            return written;
        int sign = WriteSign(value, destination);
        return sign + WriteExponent(ShortestDecimal.Of(Math.Abs(value)), destination[sign..]);
    }

    /// <summary>Writes Go's <c>'g', -1</c> form: the <c>'e'</c> form below 1e-4 and from 1e6 on, else the <c>'f'</c> form.</summary>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="MaxLength"/>.</exception>
    public static int FormatGeneral(double value, Span<byte> destination)
    {
        CheckRoom(destination, MaxLength);
        if (TryFormatSpecial(value, destination, out int written))
            return written;
        int sign = WriteSign(value, destination);
        ShortestDecimal shortest = ShortestDecimal.Of(Math.Abs(value));
        int exponent = shortest.Exponent + DecimalText.CountDigits(shortest.Digits) - 1;
        return sign + (exponent is < MinGeneralExponent or > MaxGeneralExponent
            ? WriteExponent(shortest, destination[sign..])
            : WriteFixed(shortest, destination[sign..]));
    }

    /// <summary>
    /// Writes a sample value as the JSON of vectors and matrices has it, without its quotes: the <c>'e'</c> form below 1e-6 and from
    /// 1e21 on, else the <c>'f'</c> form.
    /// </summary>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="MaxLength"/>.</exception>
    public static int FormatSampleValue(double value, Span<byte> destination)
    {
        CheckRoom(destination, MaxLength);
        if (TryFormatShort(value, destination, out int written) || TryFormatSpecial(value, destination, out written))
            return written;
        int sign = WriteSign(value, destination);
        double magnitude = Math.Abs(value);
        // Zero was short.
        return sign + (magnitude is < MinPlainSampleValue or >= MaxPlainSampleValue
            ? WriteExponent(ShortestDecimal.Of(magnitude), destination[sign..])
            : WriteFixed(ShortestDecimal.Of(magnitude), destination[sign..]));
    }

    /// <summary>
    /// Writes the value of a <c>le</c> or <c>quantile</c> label as OpenMetrics has it: the <c>'g'</c> form, with <c>.0</c> after it if it
    /// has neither point nor exponent. Negative zero loses its sign, as upstream's does.
    /// </summary>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="MaxLength"/>.</exception>
    public static int FormatLabelValue(double value, Span<byte> destination)
    {
        int written = FormatGeneral(value == 0 ? 0 : value, destination);
        if (!double.IsFinite(value) || destination[..written].IndexOfAny((byte)'.', (byte)'e') >= 0)
            return written;
        destination[written] = (byte)'.';
        destination[written + 1] = (byte)'0';
        return written + 2;
    }

    /// <summary>
    /// Writes a timestamp in milliseconds as the JSON API has it: seconds, with exactly three decimals only if it is not a whole second.
    /// </summary>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="MaxLength"/>.</exception>
    public static int FormatTimestamp(long timestampMs, Span<byte> destination)
    {
        CheckRoom(destination, MaxLength);
        int written = timestampMs < 0 ? WriteMinus(destination) : 0;
        (ulong seconds, ulong milliseconds) = Math.DivRem(Magnitude(timestampMs), 1000);
        written += DecimalText.Write(destination[written..], seconds);
        if (milliseconds == 0)
            return written;
        destination[written] = (byte)'.';
        DecimalText.Write(destination[(written + 1)..], milliseconds, 3);
        return written + 4;
    }

    /// <summary>Writes a signed integer.</summary>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="MaxLength"/>.</exception>
    public static int FormatInteger(long value, Span<byte> destination)
    {
        CheckRoom(destination, MaxLength);
        int sign = value < 0 ? WriteMinus(destination) : 0;
        return sign + DecimalText.Write(destination[sign..], Magnitude(value));
    }

    /// <summary>Writes an unsigned integer.</summary>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="MaxLength"/>.</exception>
    public static int FormatUnsigned(ulong value, Span<byte> destination)
    {
        CheckRoom(destination, MaxLength);
        return DecimalText.Write(destination, value);
    }

    /// <summary>
    /// Parses all of <paramref name="text"/> as Go's <c>strconv.ParseFloat(text, 64)</c>: decimals, hexadecimal floats with a binary
    /// exponent, underscores between digits, <c>NaN</c>, signed <c>Inf</c> and <c>Infinity</c>, all in any case. Rounds correctly.
    /// </summary>
    /// <param name="text">UTF-8 text without space around it.</param>
    /// <param name="value">The value, with the payload of Go's NaN (0x7ff8000000000001) for NaN.</param>
    /// <returns>A number too small is a zero and no error, as in Go.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GoNumberStatus Parse(ReadOnlySpan<byte> text, out double value) => GoFloatParser.Parse(text, true, out value);

    /// <summary>
    /// As <see cref="Parse"/>, but refuses hexadecimal floats and underscores: the numbers of the text and OpenMetrics exposition
    /// formats, which upstream keeps to what Go accepted before 1.13.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GoNumberStatus ParsePlain(ReadOnlySpan<byte> text, out double value) => GoFloatParser.Parse(text, false, out value);

    /// <summary>Integers and decimals of up to three places below 1e15, which most samples are: no search for digits is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryFormatShort(double value, Span<byte> destination, out int written)
    {
        written = 0;
        double magnitude = Math.Abs(value);
        // Also false for NaN.
        if (!(magnitude < MaxSafeDecimal))
            return false;
        ulong integer = (ulong)(long)magnitude;
        if (integer == magnitude)
        {
            int sign = WriteSign(value, destination);
            written = sign + DecimalText.Write(destination[sign..], integer);
            return true;
        }

        double thousandths = Math.Round(magnitude * 1000);
        if (thousandths >= MaxSafeDecimal || thousandths / 1000 != magnitude)
            return false;
        written = WriteThousandths(value, (ulong)(long)thousandths, destination);
        return true;
    }

    private static int WriteThousandths(double value, ulong thousandths, Span<byte> destination)
    {
        int length = WriteSign(value, destination);
        ulong integer = thousandths / 1000;
        length += DecimalText.Write(destination[length..], integer);
        destination[length++] = (byte)'.';
        DecimalText.Write(destination[length..], thousandths - integer * 1000, 3);
        length += 3;
        // The value is no integer, so a digit other than zero comes before the point does.
        while (destination[length - 1] == '0')
            length--;
        return length;
    }

    private static int WriteFixed(ShortestDecimal value, Span<byte> destination)
    {
        int count = DecimalText.CountDigits(value.Digits);
        int point = count + value.Exponent;
        if (value.Exponent >= 0)
        {
            DecimalText.Write(destination, value.Digits, count);
            destination[count..point].Fill((byte)'0');
            return point;
        }

        if (point <= 0)
        {
            destination[..(2 - point)].Fill((byte)'0');
            destination[1] = (byte)'.';
            DecimalText.Write(destination[(2 - point)..], value.Digits, count);
            return 2 - point + count;
        }

        // One place to the right, then the digits before the point move back.
        DecimalText.Write(destination[1..], value.Digits, count);
        destination.Slice(1, point).CopyTo(destination);
        destination[point] = (byte)'.';
        return count + 1;
    }

    private static int WriteExponent(ShortestDecimal value, Span<byte> destination)
    {
        int count = DecimalText.CountDigits(value.Digits);
        int exponent = value.Exponent + count - 1;
        DecimalText.Write(destination[1..], value.Digits, count);
        destination[0] = destination[1];
        int length = 1;
        if (count > 1)
        {
            destination[1] = (byte)'.';
            length = count + 1;
        }

        destination[length] = (byte)'e';
        destination[length + 1] = (byte)(exponent < 0 ? '-' : '+');
        int digits = Math.Abs(exponent) < 100 ? 2 : 3;
        DecimalText.Write(destination[(length + 2)..], (ulong)Math.Abs(exponent), digits);
        return length + 2 + digits;
    }

    private static bool TryFormatSpecial(double value, Span<byte> destination, out int written)
    {
        written = 0;
        if (double.IsFinite(value))
            return false;
        ReadOnlySpan<byte> text = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
        text.CopyTo(destination);
        written = text.Length;
        return true;
    }

    private static ulong Magnitude(long value) => value < 0 ? 0 - (ulong)value : (ulong)value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteSign(double value, Span<byte> destination) => double.IsNegative(value) ? WriteMinus(destination) : 0;

    private static int WriteMinus(Span<byte> destination)
    {
        destination[0] = (byte)'-';
        return 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckRoom(Span<byte> destination, int needed)
    {
        if (destination.Length < needed)
            ThrowTooShort();
    }

    [DoesNotReturn]
    private static void ThrowTooShort() =>
        throw new ArgumentException("the destination is shorter than the method demands", "destination");
}
