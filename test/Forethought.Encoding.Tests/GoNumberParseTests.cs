using System.Globalization;
using System.Numerics;
using System.Text;
using Forethought.Testing;

namespace Forethought.Encoding.Tests;

public sealed class GoNumberParseTests
{
    // Inputs and results of the table in Go's strconv (atof_test.go), results as the shortest text of the double.
    [Theory]
    [InlineData("1", "1")]
    [InlineData("+1", "1")]
    [InlineData("1e23", "1E+23")]
    [InlineData("1E23", "1E+23")]
    [InlineData("100000000000000000000000", "1E+23")]
    [InlineData("123456700", "123456700")]
    [InlineData("99999999999999974834176", "9.999999999999997E+22")]
    [InlineData("100000000000000000000001", "1.0000000000000001E+23")]
    [InlineData("100000000000000008388608", "1.0000000000000001E+23")]
    [InlineData("100000000000000016777215", "1.0000000000000001E+23")]
    [InlineData("100000000000000016777216", "1.0000000000000003E+23")]
    [InlineData("-1", "-1")]
    [InlineData("-0.1", "-0.1")]
    [InlineData("-0", "-0")]
    [InlineData("1e-20", "1E-20")]
    [InlineData("625e-3", "0.625")]
    [InlineData("0e0", "0")]
    [InlineData("-0e0", "-0")]
    [InlineData("0e+01234567890123456789", "0")]
    [InlineData("0.00e-01234567890123456789", "0")]
    [InlineData("0x1p0", "1")]
    [InlineData("0x1p-1", "0.5")]
    [InlineData("0x1ep-1", "15")]
    [InlineData("-0x1ep-1", "-15")]
    [InlineData("-0x1_ep-1", "-15")]
    [InlineData("0x1p-200", "6.223015277861142E-61")]
    [InlineData("0x1p200", "1.6069380442589903E+60")]
    [InlineData("0x1fFe2.p0", "131042")]
    [InlineData("0x.1p4", "1")]
    [InlineData("0x1P+2", "4")]
    [InlineData("0x2.p10", "2048")]
    [InlineData("0x0p1000000000", "0")]
    [InlineData("-0x0.0p-99999", "-0")]
    [InlineData("4.9e-324", "5E-324")]
    [InlineData("4.9e-325", "0")]
    [InlineData("1e-350", "0")]
    [InlineData("1e-400000", "0")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157E+308")]
    [InlineData("-1.7976931348623157e308", "-1.7976931348623157E+308")]
    // The borderline below which rounding does not reach infinity.
    [InlineData("1.7976931348623158e308", "1.7976931348623157E+308")]
    [InlineData("0x1.fffffffffffffp1023", "1.7976931348623157E+308")]
    [InlineData("0x1.fffffffffffff7p1023", "1.7976931348623157E+308")]
    // The bugs that made PHP and Java hang, and a long halfway case.
    [InlineData("2.2250738585072012e-308", "2.2250738585072014E-308")]
    [InlineData("2.2250738585072011e-308", "2.225073858507201E-308")]
    [InlineData("1.00000000000000011102230246251565404236316680908203125", "1")]
    [InlineData("1.00000000000000011102230246251565404236316680908203124", "1")]
    [InlineData("1.00000000000000011102230246251565404236316680908203126", "1.0000000000000002")]
    [InlineData("6929495644600919.5", "6929495644600920")]
    [InlineData("3929495644600919.5", "3929495644600919.5")]
    [InlineData("1090544144181609348671888949248", "1.0905441441816093E+30")]
    // Hexadecimal rounding: to even, up by a sticky bit, through denormals.
    [InlineData("0x1.00000000000008p0", "1")]
    [InlineData("0x1.00000000000018p0", "1.0000000000000004")]
    [InlineData("0x1.000000000000081p0", "1.0000000000000002")]
    [InlineData("0x1.00000000000008000000000000000001p0", "1.0000000000000002")]
    [InlineData("0x1p-1074", "5E-324")]
    [InlineData("0x1p-1075", "0")]
    [InlineData("0x1.8p-1075", "5E-324")]
    [InlineData("0x1p-1076", "0")]
    [InlineData("0x0.fffffffffffff8p-1022", "2.2250738585072014E-308")]
    [InlineData("0x0.fffffffffffffp-1022", "2.225073858507201E-308")]
    // Underscores.
    [InlineData("1_23.50_0_0e+1_2", "123500000000000")]
    [InlineData("0x_1_2.3_4_5p+1_2", "74565")]
    // Words.
    [InlineData("nan", "NaN")]
    [InlineData("NaN", "NaN")]
    [InlineData("inf", "Infinity")]
    [InlineData("+INF", "Infinity")]
    [InlineData("-Inf", "-Infinity")]
    [InlineData("infinity", "Infinity")]
    [InlineData("+InFiNiTy", "Infinity")]
    [InlineData("-Infinity", "-Infinity")]
    // Points at either end are Go's.
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("5.e1", "50")]
    [InlineData("-.5e1", "-5")]
    public void Accepts_what_go_accepts(string text, string expected)
    {
        Assert.Equal(GoNumberStatus.Ok, GoNumber.Parse(Utf8(text), out double value));
        Assert.Equal(expected, value.ToString("R", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1x")]
    [InlineData("1.1.")]
    [InlineData(".e-1")]
    [InlineData("1e")]
    [InlineData("1e-")]
    [InlineData("1e+")]
    [InlineData(".")]
    [InlineData("+")]
    [InlineData("-")]
    [InlineData("+.")]
    [InlineData("--1")]
    [InlineData("+-1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\0")]
    [InlineData("1e1.5")]
    [InlineData("1e 5")]
    [InlineData("1,5")]
    [InlineData("1f")]
    [InlineData("1d")]
    [InlineData("0x")]
    [InlineData("0x1")]
    [InlineData("0x1e2")]
    [InlineData("0x.p1")]
    [InlineData("0x1p")]
    [InlineData("0x1p+")]
    [InlineData("0x1pa")]
    [InlineData("0xgp1")]
    [InlineData("0x1.2.3p1")]
    [InlineData("0b1p1")]
    [InlineData("0o7")]
    [InlineData("1p2")]
    [InlineData("1p-2")]
    [InlineData("+nan")]
    [InlineData("-nan")]
    [InlineData("nanx")]
    [InlineData("na")]
    [InlineData("in")]
    [InlineData("infi")]
    [InlineData("infinit")]
    [InlineData("infinityx")]
    [InlineData("i")]
    [InlineData("-_123.5e+12")]
    [InlineData("_123.5e+12")]
    [InlineData("1__23.5e+12")]
    [InlineData("123_.5e+12")]
    [InlineData("123._5e+12")]
    [InlineData("123.5_e+12")]
    [InlineData("123.5e_+12")]
    [InlineData("123.5e+_12")]
    [InlineData("123.5e_-12")]
    [InlineData("123.5e+1__2")]
    [InlineData("123.5e+12_")]
    [InlineData("-_0x12.345p+12")]
    [InlineData("_0x12.345p+12")]
    [InlineData("0x__12.345p+12")]
    [InlineData("0x1__2.345p+12")]
    [InlineData("0x12_.345p+12")]
    [InlineData("0x12._345p+12")]
    [InlineData("0x12.345_p+12")]
    [InlineData("0x12.345p_+12")]
    [InlineData("0x12.345p+_12")]
    [InlineData("0x12.345p+1__2")]
    [InlineData("0x12.345p+12_")]
    [InlineData("_")]
    [InlineData("1_")]
    [InlineData("\u0661")]
    [InlineData("1\u00a0")]
    [InlineData("\u221e")]
    public void Refuses_what_go_refuses(string text)
    {
        Assert.Equal(GoNumberStatus.InvalidSyntax, GoNumber.Parse(Utf8(text), out double value));
        Assert.Equal(0, value);
        Assert.Equal(GoNumberStatus.InvalidSyntax, GoNumber.ParsePlain(Utf8(text), out value));
        Assert.Equal(0, value);
    }

    [Theory]
    [InlineData("1.7976931348623159e308")]
    [InlineData("1e308999")]
    [InlineData("1e309")]
    [InlineData("1e310")]
    [InlineData("1e400000")]
    [InlineData("1e99999999999999999999")]
    [InlineData("1797693134862315900000000000000000000e272")]
    [InlineData("0x1p1024")]
    [InlineData("0x1.fffffffffffff8p1023")]
    [InlineData("0x1p99999999999")]
    public void Tells_too_large_from_malformed(string text)
    {
        Assert.Equal(GoNumberStatus.OutOfRange, GoNumber.Parse(Utf8(text), out double value));
        Assert.Equal(double.PositiveInfinity, value);
        Assert.Equal(GoNumberStatus.OutOfRange, GoNumber.Parse(Utf8("-" + text), out value));
        Assert.Equal(double.NegativeInfinity, value);
    }

    [Fact]
    public void Infinity_begins_halfway_to_the_double_that_would_come_after_the_last()
    {
        BigInteger halfway = (BigInteger.One << 1024) - (BigInteger.One << 970);
        Assert.Equal(GoNumberStatus.OutOfRange, GoNumber.Parse(Utf8(halfway.ToString(CultureInfo.InvariantCulture)), out double value));
        Assert.Equal(double.PositiveInfinity, value);
        Assert.Equal(GoNumberStatus.Ok, GoNumber.Parse(Utf8((halfway - 1).ToString(CultureInfo.InvariantCulture)), out value));
        Assert.Equal(double.MaxValue, value);
    }

    [Theory]
    [InlineData("0x1p0")]
    [InlineData("-0X1P-2")]
    [InlineData("1_000")]
    [InlineData("1e1_0")]
    public void The_plain_form_refuses_hexadecimal_and_underscores(string text)
    {
        Assert.Equal(GoNumberStatus.Ok, GoNumber.Parse(Utf8(text), out _));
        Assert.Equal(GoNumberStatus.InvalidSyntax, GoNumber.ParsePlain(Utf8(text), out double value));
        Assert.Equal(0, value);
    }

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("+Inf", double.PositiveInfinity)]
    [InlineData("0.0000000000000000000000000000000000001", 1e-37)]
    public void The_plain_form_accepts_the_rest(string text, double expected)
    {
        Assert.Equal(GoNumberStatus.Ok, GoNumber.ParsePlain(Utf8(text), out double value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void Nan_has_the_bits_that_go_and_prometheus_give_it()
    {
        GoNumber.Parse("NaN"u8, out double value);
        Assert.Equal(0x7ff8000000000001UL, BitConverter.DoubleToUInt64Bits(value));
    }

    [Fact]
    public void Reads_back_every_form_that_upstream_writes()
    {
        foreach (string[] row in Conformance.Tsv("golden/float_format.tsv"))
        {
            ulong bits = Convert.ToUInt64(row[0], 16);
            foreach (string text in (string[])[row[1], row[2], row[3].Trim('"'), row[5]])
            {
                if (text == "*")
                    continue;
                Assert.Equal(GoNumberStatus.Ok, GoNumber.ParsePlain(Utf8(text), out double value));
                // All NaNs are written alike.
                Assert.Equal(text == "NaN" ? 0x7ff8000000000001 : bits, BitConverter.DoubleToUInt64Bits(value));
            }
        }
    }

    [Fact]
    public void Agrees_with_the_runtime_on_random_decimals()
    {
        var random = new Random(41);
        for (int i = 0; i < 60_000; i++)
        {
            string text = RandomDecimal(random);
            double expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            GoNumberStatus status = GoNumber.Parse(Utf8(text), out double value);
            Assert.Equal((text, BitConverter.DoubleToUInt64Bits(expected)), (text, BitConverter.DoubleToUInt64Bits(value)));
            Assert.Equal(double.IsInfinity(expected) ? GoNumberStatus.OutOfRange : GoNumberStatus.Ok, status);
        }
    }

    [Fact]
    public void Rounds_exact_midpoints_to_even_and_their_neighbours_apart()
    {
        var random = new Random(42);
        for (int i = 0; i < 1000; i++)
        {
            double low = Math.Abs(BitConverter.Int64BitsToDouble(random.NextInt64(0x7fe0000000000000)));
            if (i % 3 == 0)
                low = BitConverter.Int64BitsToDouble(random.NextInt64(1L << 52));
            double high = Math.BitIncrement(low);
            double even = (BitConverter.DoubleToInt64Bits(low) & 1) == 0 ? low : high;
            string midpoint = Exact(low, high);
            Assert.Equal(even, Parse(midpoint));
            Assert.Equal(high, Parse(midpoint + (midpoint.Contains('.') ? "" : ".") + new string('0', random.Next(900)) + "1"));
            Assert.Equal(low, Parse(Below(midpoint)));
        }
    }

    [Fact]
    public void Cuts_and_random_texts_never_escape()
    {
        using var memory = new GuardedMemory(64);
        var random = new Random(43);
        const string Alphabet = "0123456789..eExXpP__+-infatyINFATY \0";
        for (int i = 0; i < 60_000; i++)
        {
            Span<byte> text = memory.Last(random.Next(20));
            for (int j = 0; j < text.Length; j++)
                text[j] = (byte)Alphabet[random.Next(Alphabet.Length)];
            GoNumberStatus status = GoNumber.Parse(text, out double value);
            Assert.Equal(status == GoNumberStatus.OutOfRange, status != GoNumberStatus.Ok && double.IsInfinity(value));
            if (status == GoNumberStatus.InvalidSyntax)
                Assert.Equal(0, value);
            bool extended = text.IndexOfAny("xXpP_"u8) >= 0;
            Assert.Equal(extended ? GoNumberStatus.InvalidSyntax : status, GoNumber.ParsePlain(text, out _));
        }
    }

    [Fact]
    public void A_megabyte_of_digits_is_one_pass()
    {
        string digits = new string('9', 1 << 20);
        Assert.Equal(GoNumberStatus.OutOfRange, GoNumber.Parse(Utf8(digits), out _));
        Assert.Equal(1, Parse("0." + digits));
        Assert.Equal(0, Parse("0." + new string('0', 1 << 20) + "1"));
    }

    private static double Parse(string text)
    {
        GoNumber.Parse(Utf8(text), out double value);
        return value;
    }

    private static string RandomDecimal(Random random)
    {
        var text = new StringBuilder();
        text.Append(random.Next(3) switch { 0 => "-", 1 => "+", _ => "" });
        int digits = random.Next(1, random.Next(10) == 0 ? 60 : 22);
        int point = random.Next(digits + 1);
        for (int i = 0; i < digits; i++)
        {
            if (i == point && random.Next(3) > 0)
                text.Append('.');
            text.Append((char)('0' + random.Next(10)));
        }

        if (random.Next(2) == 0)
        {
            int reach = random.Next(2) == 0 ? 350 : 30;
            text.Append(random.Next(2) == 0 ? 'e' : 'E').Append(random.Next(-reach, reach));
        }

        return text.ToString();
    }

    /// <summary>All decimal digits of the midpoint of two neighbouring doubles.</summary>
    private static string Exact(double low, double high)
    {
        // Both are integers in units of 2^-1074, and the midpoint in half that.
        BigInteger sum = Units(low) + Units(high);
        BigInteger scaled = sum * BigInteger.Pow(5, 1075);
        string digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(1076, '0');
        string text = digits[..^1075] + "." + digits[^1075..].TrimEnd('0');
        return text.TrimEnd('.');
    }

    /// <summary>A decimal a little less than <paramref name="text"/>, which does not end in a zero after the point.</summary>
    private static string Below(string text)
    {
        if (!text.Contains('.'))
            return (BigInteger.Parse(text, CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture) + ".99999";
        return text[..^1] + (char)(text[^1] - 1) + "9999";
    }

    private static BigInteger Units(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int biased = (int)(bits >> 52);
        long fraction = bits & ((1L << 52) - 1);
        return biased == 0 ? fraction : (BigInteger)(fraction | 1L << 52) << (biased - 1);
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
