using System.Globalization;
using System.Numerics;
using Forethought.Testing;

namespace Forethought.Encoding.Tests;

public sealed class GoNumberFormatTests
{
    private delegate int Formatter(double value, Span<byte> destination);

    [Fact]
    public void Every_form_agrees_with_upstream()
    {
        int rows = 0;
        foreach (string[] row in Conformance.Tsv("golden/float_format.tsv"))
        {
            double value = BitConverter.UInt64BitsToDouble(Convert.ToUInt64(row[0], 16));
            if (row[1] != "*")
                Assert.Equal(row[1], Text(GoNumber.FormatFixed, value));
            Assert.Equal(row[2], Text(GoNumber.FormatExponent, value));
            Assert.Equal(row[3], '"' + Text(GoNumber.FormatSampleValue, value) + '"');
            Assert.Equal(row[4] == "=" ? row[5] : row[4], Text(GoNumber.FormatLabelValue, value));
            Assert.Equal(row[5], Text(GoNumber.FormatGeneral, value));
            rows++;
        }

        Assert.True(rows > 4000);
    }

    // value, 'f', 'e', 'g', sample value, label value, as Go 1.27 and upstream 3.14 write them.
    [Theory]
    [InlineData(0.0, "0", "0e+00", "0", "0", "0.0")]
    [InlineData(-0.0, "-0", "-0e+00", "-0", "-0", "0.0")]
    [InlineData(1.0, "1", "1e+00", "1", "1", "1.0")]
    [InlineData(-1.0, "-1", "-1e+00", "-1", "-1", "-1.0")]
    [InlineData(0.1, "0.1", "1e-01", "0.1", "0.1", "0.1")]
    [InlineData(100000.0, "100000", "1e+05", "100000", "100000", "100000.0")]
    [InlineData(1000000.0, "1000000", "1e+06", "1e+06", "1000000", "1e+06")]
    [InlineData(123456789.0, "123456789", "1.23456789e+08", "1.23456789e+08", "123456789", "1.23456789e+08")]
    [InlineData(1e20, "100000000000000000000", "1e+20", "1e+20", "100000000000000000000", "1e+20")]
    [InlineData(1e21, "1000000000000000000000", "1e+21", "1e+21", "1e+21", "1e+21")]
    [InlineData(
        999999999999999900000.0, "999999999999999900000", "9.999999999999999e+20",
        "9.999999999999999e+20", "999999999999999900000", "9.999999999999999e+20")]
    [InlineData(0.0001, "0.0001", "1e-04", "0.0001", "0.0001", "0.0001")]
    [InlineData(0.00001, "0.00001", "1e-05", "1e-05", "0.00001", "1e-05")]
    [InlineData(0.000001, "0.000001", "1e-06", "1e-06", "0.000001", "1e-06")]
    [InlineData(0.000000999, "0.000000999", "9.99e-07", "9.99e-07", "9.99e-07", "9.99e-07")]
    [InlineData(double.NaN, "NaN", "NaN", "NaN", "NaN", "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf", "+Inf", "+Inf", "+Inf", "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf", "-Inf", "-Inf", "-Inf", "-Inf")]
    // From Go's strconv tests: shortest digits, powers of two, halfway cases.
    [InlineData(32.0, "32", "3.2e+01", "32", "32", "32.0")]
    [InlineData(1e23, "100000000000000000000000", "1e+23", "1e+23", "1e+23", "1e+23")]
    [InlineData(9999999999999999.0, "10000000000000000", "1e+16", "1e+16", "10000000000000000", "1e+16")]
    [InlineData(
        2.2250738585072012e-308, null, "2.2250738585072014e-308",
        "2.2250738585072014e-308", "2.2250738585072014e-308", "2.2250738585072014e-308")]
    [InlineData(
        2.2250738585072011e-308, null, "2.225073858507201e-308",
        "2.225073858507201e-308", "2.225073858507201e-308", "2.225073858507201e-308")]
    [InlineData(5e-324, null, "5e-324", "5e-324", "5e-324", "5e-324")]
    [InlineData(
        double.MaxValue, null, "1.7976931348623157e+308", "1.7976931348623157e+308", "1.7976931348623157e+308", "1.7976931348623157e+308")]
    [InlineData(
        498484681984085570.0, "498484681984085570", "4.9848468198408557e+17",
        "4.9848468198408557e+17", "498484681984085570", "4.9848468198408557e+17")]
    [InlineData(
        -5.8339553793802237e+23, "-583395537938022370000000", "-5.8339553793802237e+23",
        "-5.8339553793802237e+23", "-5.8339553793802237e+23", "-5.8339553793802237e+23")]
    public void Known_values(double value, string? plain, string exponent, string general, string sample, string label)
    {
        if (plain is not null)
            Assert.Equal(plain, Text(GoNumber.FormatFixed, value));
        Assert.Equal(exponent, Text(GoNumber.FormatExponent, value));
        Assert.Equal(general, Text(GoNumber.FormatGeneral, value));
        Assert.Equal(sample, Text(GoNumber.FormatSampleValue, value));
        Assert.Equal(label, Text(GoNumber.FormatLabelValue, value));
    }

    /// <summary>
    /// Reads back; fewer digits would not; no decimal of that length is closer. The oracle is the runtime's exact arithmetic ("E" with a
    /// precision, and parsing), not its own shortest form, which for some powers of two does not read back.
    /// </summary>
    [Fact]
    public void Digits_are_as_few_as_read_back_and_the_closest_of_those()
    {
        var random = new Random(31);
        for (int i = 0; i < 50_000; i++)
        {
            double value = Math.Abs(Any(random, i));
            if (!double.IsFinite(value) || value == 0)
                continue;
            string text = Text(GoNumber.FormatExponent, value);
            Assert.Matches("^[0-9](\\.[0-9]*[1-9])?e[+-][0-9]{2,3}$", text);
            Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
            (BigInteger digits, int exponent) = Parts(text);
            int count = digits.ToString(CultureInfo.InvariantCulture).Length;
            if (count > 1)
            {
                (BigInteger shorter, int shorterExponent) = Nearest(value, count - 1);
                foreach (BigInteger candidate in (BigInteger[])[shorter - 1, shorter, shorter + 1])
                    Assert.NotEqual(value, double.Parse($"{candidate}e{shorterExponent}", CultureInfo.InvariantCulture));
            }

            (BigInteger nearest, int nearestExponent) = Nearest(value, count);
            // Below a power of two the interval is half as wide and the nearest decimal may lie outside.
            if (double.Parse($"{nearest}e{nearestExponent}", CultureInfo.InvariantCulture) == value && !IsTie(value, count))
                Assert.Equal((value, nearest, nearestExponent), (value, digits, exponent));
        }
    }

    // Powers of two whose lower neighbour is half as far: the digits are Python's repr, correctly rounded by David Gay's code.
    [Theory]
    [InlineData(-958, "4.1045368012983762e-289")]
    [InlineData(-1022, "2.2250738585072014e-308")]
    [InlineData(-44, "5.684341886080802e-14")]
    [InlineData(-1074, "5e-324")]
    [InlineData(1023, "8.98846567431158e+307")]
    public void Powers_of_two(int exponent, string expected) =>
        Assert.Equal(expected, Text(GoNumber.FormatExponent, Math.ScaleB(1, exponent)));

    [Fact]
    public void All_forms_write_the_same_number_and_each_in_its_shape()
    {
        var random = new Random(32);
        for (int i = 0; i < 100_000; i++)
        {
            double value = Any(random, i);
            if (!double.IsFinite(value))
                continue;
            (BigInteger, int) expected = Parts(Text(GoNumber.FormatExponent, value));
            string plain = Text(GoNumber.FormatFixed, value);
            Assert.Equal((value, expected), (value, Parts(plain)));
            Assert.Matches("^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$", plain);
            Assert.InRange(plain.Length, 1, GoNumber.MaxFixedLength);

            string sample = Text(GoNumber.FormatSampleValue, value);
            double magnitude = Math.Abs(value);
            bool scientific = magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21);
            Assert.Equal(scientific ? Text(GoNumber.FormatExponent, value) : plain, sample);
            foreach (Formatter formatter in (Formatter[])[GoNumber.FormatExponent, GoNumber.FormatGeneral, GoNumber.FormatLabelValue])
                Assert.InRange(Text(formatter, value).Length, 1, GoNumber.MaxLength);
        }
    }

    [Fact]
    public void The_longest_texts_need_the_room_that_is_demanded()
    {
        Assert.Equal(GoNumber.MaxFixedLength, Text(GoNumber.FormatFixed, -2.2250738585072014e-308).Length);
        Assert.Equal(GoNumber.MaxLength, Text(GoNumber.FormatSampleValue, -1.2345678901234567e-06).Length);
        Assert.Equal(310, Text(GoNumber.FormatFixed, double.MinValue).Length);
    }

    [Fact]
    public void Short_destinations_are_refused_whatever_the_value()
    {
        Assert.Throws<ArgumentException>(() => GoNumber.FormatFixed(1, new byte[GoNumber.MaxFixedLength - 1]));
        Assert.Throws<ArgumentException>(() => GoNumber.FormatExponent(1, new byte[GoNumber.MaxLength - 1]));
        Assert.Throws<ArgumentException>(() => GoNumber.FormatGeneral(1, new byte[GoNumber.MaxLength - 1]));
        Assert.Throws<ArgumentException>(() => GoNumber.FormatSampleValue(1, new byte[GoNumber.MaxLength - 1]));
        Assert.Throws<ArgumentException>(() => GoNumber.FormatLabelValue(1, new byte[GoNumber.MaxLength - 1]));
        Assert.Throws<ArgumentException>(() => GoNumber.FormatTimestamp(1, new byte[GoNumber.MaxLength - 1]));
        Assert.Throws<ArgumentException>(() => GoNumber.FormatInteger(1, new byte[GoNumber.MaxLength - 1]));
        Assert.Throws<ArgumentException>(() => GoNumber.FormatUnsigned(1, new byte[GoNumber.MaxLength - 1]));
    }

    // Upstream's answers; the last one is ours, for upstream's has two signs and letters out of place.
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.001")]
    [InlineData(10, "0.010")]
    [InlineData(100, "0.100")]
    [InlineData(1000, "1")]
    [InlineData(1500, "1.500")]
    [InlineData(-1, "-0.001")]
    [InlineData(-1000, "-1")]
    [InlineData(-1500, "-1.500")]
    [InlineData(1700000000123, "1700000000.123")]
    [InlineData(long.MaxValue, "9223372036854775.807")]
    [InlineData(long.MinValue, "-9223372036854775.808")]
    public void Timestamps_have_three_decimals_or_none(long timestampMs, string expected) =>
        Assert.Equal(expected, Text(buffer => GoNumber.FormatTimestamp(timestampMs, buffer)));

    [Fact]
    public void Timestamps_agree_with_upstream()
    {
        int rows = 0;
        foreach (string[] row in Conformance.Tsv("golden/duration.tsv"))
        {
            if (row[0] != "JSONTimestamp" || row[1] == long.MinValue.ToString(CultureInfo.InvariantCulture))
                continue;
            long timestampMs = long.Parse(row[1], CultureInfo.InvariantCulture);
            Assert.Equal(row[2], Text(buffer => GoNumber.FormatTimestamp(timestampMs, buffer)));
            rows++;
        }

        Assert.True(rows >= 20);
    }

    [Fact]
    public void Integers_of_every_length()
    {
        var random = new Random(33);
        for (int i = 0; i < 50_000; i++)
        {
            ulong value = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Text(buffer => GoNumber.FormatUnsigned(value, buffer)));
            Assert.Equal(((long)value).ToString(CultureInfo.InvariantCulture), Text(buffer => GoNumber.FormatInteger((long)value, buffer)));
        }

        for (ulong power = 1; power <= 1_000_000_000_000_000_000; power *= 10)
        {
            foreach (ulong value in (ulong[])[power - 1, power, power + 1])
                Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Text(buffer => GoNumber.FormatUnsigned(value, buffer)));
        }

        Assert.Equal("18446744073709551615", Text(buffer => GoNumber.FormatUnsigned(ulong.MaxValue, buffer)));
        Assert.Equal("-9223372036854775808", Text(buffer => GoNumber.FormatInteger(long.MinValue, buffer)));
        Assert.Equal("0", Text(buffer => GoNumber.FormatInteger(0, buffer)));
    }

    [Fact]
    public void The_table_of_powers_is_what_its_formula_says()
    {
        for (int exponent = PowersOfTen.MinExponent; exponent <= PowersOfTen.MaxExponent; exponent++)
        {
            // 10^k · 2^(127 - e), cut off.
            int log = PowersOfTen.FloorLog2(exponent);
            BigInteger power = BigInteger.Pow(10, Math.Abs(exponent));
            BigInteger expected = exponent >= 0
                ? (log <= 127 ? power << (127 - log) : power >> (log - 127))
                : (BigInteger.One << (127 - log)) / power;
            Assert.Equal(expected, ((BigInteger)PowersOfTen.High(exponent) << 64) + PowersOfTen.Low(exponent));
            Assert.True(PowersOfTen.High(exponent) >> 63 == 1);
            Assert.Equal(exponent >= 0 && power % BigInteger.Pow(2, Math.Max(log - 127, 0)) == 0, PowersOfTen.IsExact(exponent));
        }
    }

#if !DEBUG
    // Without optimisation the compiler's static tables of numbers allocate at every look; in release code they never do.
    [Fact]
    public void Allocates_nothing()
    {
        var buffer = new byte[GoNumber.MaxFixedLength];
        double[] values = [0, 1.5, 1234567, 0.1234567890123, 1e300, 5e-324];
        FormatAll();
        Assert.Equal(0, Allocation.Of(FormatAll));

        void FormatAll()
        {
            foreach (double value in values)
            {
                GoNumber.FormatFixed(value, buffer);
                GoNumber.FormatSampleValue(value, buffer);
                GoNumber.FormatLabelValue(value, buffer);
            }
        }
    }
#endif

    /// <summary>Bit patterns, decimals of few digits, integers, powers of two and their neighbours, in turn.</summary>
    private static double Any(Random random, int turn)
    {
        double value = (turn % 6) switch
        {
            0 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
            1 => random.NextInt64(-1_000_000, 1_000_000) / Math.Pow(10, random.Next(8)),
            2 => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
            3 => Math.ScaleB(1, random.Next(-1074, 1024)),
            4 => random.NextDouble() * Math.Pow(10, random.Next(-10, 25)),
            _ => BitConverter.Int64BitsToDouble(random.NextInt64(1L << 52)),
        };
        return random.Next(4) switch { 0 => Math.BitIncrement(value), 1 => Math.BitDecrement(value), _ => value };
    }

    /// <summary>The decimal of <paramref name="count"/> digits nearest to <paramref name="value"/>, with its zeros at the end.</summary>
    private static (BigInteger Digits, int Exponent) Nearest(double value, int count)
    {
        string text = value.ToString($"E{count - 1}", CultureInfo.InvariantCulture);
        int e = text.IndexOf('E');
        return (BigInteger.Parse(text[..e].Replace(".", ""), CultureInfo.InvariantCulture),
            int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture) - (count - 1));
    }

    /// <summary>Whether two decimals of <paramref name="count"/> digits are equally close.</summary>
    private static bool IsTie(double value, int count)
    {
        string text = value.ToString("E800", CultureInfo.InvariantCulture);
        return text[count + 1] == '5' && text.AsSpan()[(count + 2)..text.IndexOf('E')].IndexOfAnyExcept('0') < 0;
    }

    /// <summary>Digits without zeros at either end and the exponent of the last, of any of the forms.</summary>
    private static (BigInteger Digits, int Exponent) Parts(string text)
    {
        int exponent = 0;
        int e = text.IndexOfAny(['e', 'E']);
        if (e >= 0)
        {
            exponent = int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture);
            text = text[..e];
        }

        int point = text.IndexOf('.');
        if (point >= 0)
        {
            exponent -= text.Length - point - 1;
            text = text.Remove(point, 1);
        }

        BigInteger digits = BigInteger.Parse(text, CultureInfo.InvariantCulture);
        if (digits.IsZero)
            return (0, 0);
        while (digits % 10 == 0)
        {
            digits /= 10;
            exponent++;
        }

        return (digits, exponent);
    }

    private static string Text(Formatter formatter, double value) => Text(buffer => formatter(value, buffer));

    private static string Text(Func<byte[], int> format)
    {
        var buffer = new byte[GoNumber.MaxFixedLength];
        return System.Text.Encoding.ASCII.GetString(buffer, 0, format(buffer));
    }
}
