namespace Forethought.Exposition.Tests;

/// <summary>
/// What is refused and with which words: the tables of upstream's TestPromParseErrors, TestPromNullByteHandling, TestOpenMetricsParseErrors
/// and TestOMNullByteHandling (model/textparse). An empty text stands for no error; each character for one byte.
/// </summary>
public sealed class ParseErrorTests
{
    [Theory]
    [InlineData("a", "expected value after metric, got \"\\n\" (\"INVALID\") while parsing: \"a\\n\"")]
    [InlineData("a{b='c'} 1\n", "expected label value, got \"'\" (\"INVALID\") while parsing: \"a{b='\"")]
    [InlineData("a{b=\n", "expected label value, got \"\\n\" (\"INVALID\") while parsing: \"a{b=\\n\"")]
    [InlineData("a{\u00ff=\"foo\"} 1\n", "expected label name, got \"\\xff\" (\"INVALID\") while parsing: \"a{\\xff\"")]
    [InlineData("a{b=\"\u00ff\"} 1\n", "invalid UTF-8 label value: \"\\\"\\xff\\\"\"")]
    [InlineData("{\"a\", \"b = \"c\"}", "expected equal, got \"c\\\"\" (\"LNAME\") while parsing: \"{\\\"a\\\", \\\"b = \\\"c\\\"\"")]
    [InlineData("{\"a\",b\\nc=\"d\"} 1", "expected equal, got \"\\\\\" (\"INVALID\") while parsing: \"{\\\"a\\\",b\\\\\"")]
    [InlineData("a true\n", "strconv.ParseFloat: parsing \"true\": invalid syntax while parsing: \"a true\"")]
    [InlineData("odd{problem=\"", "expected label value, got \"\\\"\\n\" (\"INVALID\") while parsing: \"odd{problem=\\\"\\n\"")]
    [InlineData("nameless{=\"\"} 0", "expected label name, got \"=\\\"\" (\"EQUAL\") while parsing: \"nameless{=\\\"\"")]
    [InlineData("{A}0", "expected equal, got \"}0\" (\"BCLOSE\") while parsing: \"{A}0\"")]
    [InlineData("foo 1_2\n", "unsupported character in float while parsing: \"foo 1_2\"")]
    [InlineData("foo 0x1p-3\n", "unsupported character in float while parsing: \"foo 0x1p-3\"")]
    [InlineData("foo 0x1P-3\n", "unsupported character in float while parsing: \"foo 0x1P-3\"")]
    [InlineData("foo 0 1_2\n", "expected next entry after timestamp, got \"_\" (\"INVALID\") while parsing: \"foo 0 1_\"")]
    [InlineData("{a=\"ok\"} 1", "metric name not set while parsing: \"{a=\\\"ok\\\"} 1\"")]
    [InlineData("# TYPE #\n#EOF\n", "expected metric name after TYPE, got \"#\" (\"INVALID\") while parsing: \"# TYPE #\"")]
    [InlineData("# HELP #\n#EOF\n", "expected metric name after HELP, got \"#\" (\"INVALID\") while parsing: \"# HELP #\"")]
    [InlineData("nul{a=\"abc\u0000\"} 1", "")]
    [InlineData("a{b=\"\u0000ss\"} 1\n", "")]
    [InlineData("a{b=\"\u0000\"} 1\n", "")]
    [InlineData("a{b=\u0000\"ssss\"} 1\n", "expected label value, got \"\\x00\" (\"INVALID\") while parsing: \"a{b=\\x00\"")]
    [InlineData("a{b=\"\u0000", "expected label value, got \"\\\"\\x00\\n\" (\"INVALID\") while parsing: \"a{b=\\\"\\x00\\n\"")]
    [InlineData("a{b\u0000=\"hiih\"}\t1", "expected equal, got \"\\x00\" (\"INVALID\") while parsing: \"a{b\\x00\"")]
    [InlineData("a\u0000{b=\"ddd\"} 1", "expected value after metric, got \"\\x00\" (\"INVALID\") while parsing: \"a\\x00\"")]
    [InlineData("a 0 1\u0000", "expected next entry after timestamp, got \"\\x00\" (\"INVALID\") while parsing: \"a 0 1\\x00\"")]
    public void Refuses_text_with_the_words_of_the_reference(string body, string error) =>
        Assert.Equal(error, ErrorOf(body, ExpositionFormat.Text));

    [Theory]
    [InlineData("# EOF", "")]
    [InlineData("# EOF\n", "")]
    [InlineData("", "data does not end with # EOF")]
    [InlineData("\n", "expected a valid start token, got \"\\n\" (\"INVALID\") while parsing: \"\\n\"")]
    [InlineData("metric", "expected value after metric, got \"metric\" (\"EOF\") while parsing: \"metric\"")]
    [InlineData("metric 1", "data does not end with # EOF")]
    [InlineData("metric 1\n", "data does not end with # EOF")]
    [InlineData("metric_total 1 # {aa=\"bb\"} 4", "data does not end with # EOF")]
    [InlineData("a\n#EOF\n", "expected value after metric, got \"\\n\" (\"INVALID\") while parsing: \"a\\n\"")]
    [InlineData("\n\n#EOF\n", "expected a valid start token, got \"\\n\" (\"INVALID\") while parsing: \"\\n\"")]
    [InlineData(" a 1\n#EOF\n", "expected a valid start token, got \" \" (\"INVALID\") while parsing: \" \"")]
    [InlineData("9\n#EOF\n", "expected a valid start token, got \"9\" (\"INVALID\") while parsing: \"9\"")]
    [InlineData("# TYPE u untyped\n#EOF\n", "invalid metric type \"untyped\"")]
    [InlineData("# TYPE c counter \n#EOF\n", "invalid metric type \"counter \"")]
    [InlineData("#  TYPE c counter\n#EOF\n", "expected a valid start token, got \"#  \" (\"INVALID\") while parsing: \"#  \"")]
    [InlineData("# TYPE \n#EOF\n", "expected metric name after TYPE, got \"\\n\" (\"INVALID\") while parsing: \"# TYPE \\n\"")]
    [InlineData("# TYPE m\n#EOF\n", "expected text in TYPE")]
    [InlineData("# UNIT metric suffix\n#EOF\n", "unit \"suffix\" not a suffix of metric \"metric\"")]
    [InlineData("# UNIT metricsuffix suffix\n#EOF\n", "unit \"suffix\" not a suffix of metric \"metricsuffix\"")]
    [InlineData("# UNIT m suffix\n#EOF\n", "unit \"suffix\" not a suffix of metric \"m\"")]
    [InlineData("# UNIT \n#EOF\n", "expected metric name after UNIT, got \"\\n\" (\"INVALID\") while parsing: \"# UNIT \\n\"")]
    [InlineData("# UNIT m\n#EOF\n", "expected text in UNIT")]
    [InlineData("# HELP \n#EOF\n", "expected metric name after HELP, got \"\\n\" (\"INVALID\") while parsing: \"# HELP \\n\"")]
    [InlineData("# HELP m\n#EOF\n", "expected text in HELP")]
    [InlineData("a\t1\n#EOF\n", "expected value after metric, got \"\\t\" (\"INVALID\") while parsing: \"a\\t\"")]
    [InlineData("a 1\t2\n#EOF\n", "strconv.ParseFloat: parsing \"1\\t2\": invalid syntax while parsing: \"a 1\\t2\"")]
    [InlineData("a 1 2 \n#EOF\n", "expected next entry after timestamp, got \" \\n\" (\"INVALID\") while parsing: \"a 1 2 \\n\"")]
    [InlineData("a 1 2 #\n#EOF\n", "expected next entry after timestamp, got \" #\\n\" (\"TIMESTAMP\") while parsing: \"a 1 2 #\\n\"")]
    [InlineData("a 1 1z\n#EOF\n", "strconv.ParseFloat: parsing \"1z\": invalid syntax while parsing: \"a 1 1z\"")]
    [InlineData(" # EOF\n", "expected a valid start token, got \" \" (\"INVALID\") while parsing: \" \"")]
    [InlineData("# EOF\na 1", "unexpected data after # EOF")]
    [InlineData("# EOF\n\n", "unexpected data after # EOF")]
    [InlineData("# EOFa 1", "unexpected data after # EOF")]
    [InlineData("#\tTYPE c counter\n", "expected a valid start token, got \"#\\t\" (\"INVALID\") while parsing: \"#\\t\"")]
    [InlineData("# TYPE c  counter\n", "invalid metric type \" counter\"")]
    [InlineData("a 1 1 1\n# EOF\n", "expected next entry after timestamp, got \" 1\\n\" (\"TIMESTAMP\") while parsing: \"a 1 1 1\\n\"")]
    [InlineData("a{b='c'} 1\n# EOF\n", "expected label value, got \"'\" (\"INVALID\") while parsing: \"a{b='\"")]
    [InlineData("a{,b=\"c\"} 1\n# EOF\n", "expected label name, got \",b\" (\"COMMA\") while parsing: \"a{,b\"")]
    [InlineData("a{b=\"c\"d=\"e\"} 1\n# EOF\n", "expected comma or brace close, got \"d=\" (\"LNAME\") while parsing: \"a{b=\\\"c\\\"d=\"")]
    [InlineData("a{b=\"c\",,d=\"e\"} 1\n# EOF\n", "expected label name, got \",d\" (\"COMMA\") while parsing: \"a{b=\\\"c\\\",,d\"")]
    [InlineData("a{b=\n# EOF\n", "expected label value, got \"\\n\" (\"INVALID\") while parsing: \"a{b=\\n\"")]
    [InlineData("a{\u00ff=\"foo\"} 1\n# EOF\n", "expected label name, got \"\\xff\" (\"INVALID\") while parsing: \"a{\\xff\"")]
    [InlineData("a{b=\"\u00ff\"} 1\n# EOF\n", "invalid UTF-8 label value: \"\\\"\\xff\\\"\"")]
    [InlineData("{\"a\",\"b = \"c\"}\n# EOF\n", "expected equal, got \"c\\\"\" (\"LNAME\") while parsing: \"{\\\"a\\\",\\\"b = \\\"c\\\"\"")]
    [InlineData("{\"a\",b\\nc=\"d\"} 1\n# EOF\n", "expected equal, got \"\\\\\" (\"INVALID\") while parsing: \"{\\\"a\\\",b\\\\\"")]
    [InlineData("a true\n", "strconv.ParseFloat: parsing \"true\": invalid syntax while parsing: \"a true\"")]
    [InlineData("odd{problem=\"\n# EOF\n", "expected label value, got \"\\\"\\n\" (\"INVALID\") while parsing: \"odd{problem=\\\"\\n\"")]
    [InlineData("nameless{=\"\"} 0\n# EOF\n", "expected label name, got \"=\\\"\" (\"EQUAL\") while parsing: \"nameless{=\\\"\"")]
    [InlineData("{A}0\n# EOF\n", "expected equal, got \"}0\" (\"BCLOSE\") while parsing: \"{A}0\"")]
    [InlineData("foo 1_2\n\n# EOF\n", "unsupported character in float while parsing: \"foo 1_2\"")]
    [InlineData("foo 0x1p-3\n\n# EOF\n", "unsupported character in float while parsing: \"foo 0x1p-3\"")]
    [InlineData("foo 0x1P-3\n\n# EOF\n", "unsupported character in float while parsing: \"foo 0x1P-3\"")]
    [InlineData("foo 0 1_2\n\n# EOF\n", "unsupported character in float while parsing: \"foo 0 1_2\"")]
    [InlineData("orders_total 1 # {aa=bb}\n# EOF\n", "expected label value, got \"b\" (\"INVALID\") while parsing: \"orders_total 1 # {aa=b\"")]
    [InlineData("orders_total 1 # {aa=\"bb\"}\n# EOF\n", "expected value after exemplar labels, got \"\\n\" (\"INVALID\") while parsing: \"orders_total 1 # {aa=\\\"bb\\\"}\\n\"")]
    [InlineData("orders_total 1 # {aa=\"bb\"}", "expected value after exemplar labels, got \"}\" (\"EOF\") while parsing: \"orders_total 1 # {aa=\\\"bb\\\"}\"")]
    [InlineData("orders_total 1 # {bb}", "expected equal, got \"}\" (\"BCLOSE\") while parsing: \"orders_total 1 # {bb}\"")]
    [InlineData("orders_total 1 # {bb, a=\"dd\"}", "expected equal, got \", \" (\"COMMA\") while parsing: \"orders_total 1 # {bb, \"")]
    [InlineData("orders_total 1 # {aa=\"bb\",,cc=\"dd\"} 1", "expected label name, got \",c\" (\"COMMA\") while parsing: \"orders_total 1 # {aa=\\\"bb\\\",,c\"")]
    [InlineData("orders_total 1 # {aa=\"bb\"} 1_2", "unsupported character in float while parsing: \"orders_total 1 # {aa=\\\"bb\\\"} 1_2\"")]
    [InlineData("orders_total 1 # {aa=\"bb\"} 0x1p-3", "unsupported character in float while parsing: \"orders_total 1 # {aa=\\\"bb\\\"} 0x1p-3\"")]
    [InlineData("orders_total 1 # {aa=\"bb\"} true", "strconv.ParseFloat: parsing \"true\": invalid syntax while parsing: \"orders_total 1 # {aa=\\\"bb\\\"} true\"")]
    [InlineData("orders_total 1 # {aa=\"bb\",cc=}", "expected label value, got \"}\" (\"INVALID\") while parsing: \"orders_total 1 # {aa=\\\"bb\\\",cc=}\"")]
    [InlineData("orders_total 1 # {aa=\\\"\\xff\\\"} 9.0", "expected label value, got \"\\\\\" (\"INVALID\") while parsing: \"orders_total 1 # {aa=\\\\\"")]
    [InlineData("{b=\"c\",} 1", "metric name not set while parsing: \"{b=\\\"c\\\",} 1\"")]
    [InlineData("a 1 NaN", "invalid timestamp NaN")]
    [InlineData("a 1 -Inf", "invalid timestamp -Inf")]
    [InlineData("a 1 Inf", "invalid timestamp +Inf")]
    [InlineData("# TYPE hhh histogram\nhhh_bucket{le=\"+Inf\"} 1 # {aa=\"bb\"} 4 NaN", "invalid exemplar timestamp NaN")]
    [InlineData("# TYPE hhh histogram\nhhh_bucket{le=\"+Inf\"} 1 # {aa=\"bb\"} 4 -Inf", "invalid exemplar timestamp -Inf")]
    [InlineData("nul{a=\"abc\u0000\"} 1\n# EOF\n", "")]
    [InlineData("a{b=\"\u0000ss\"} 1\n# EOF\n", "")]
    [InlineData("a{b=\"\u0000\"} 1\n# EOF\n", "")]
    [InlineData("a{b=\"\u0000\"} 1\n# EOF", "")]
    [InlineData("a{b=\u0000\"ssss\"} 1\n# EOF\n", "expected label value, got \"\\x00\" (\"INVALID\") while parsing: \"a{b=\\x00\"")]
    [InlineData("a{b=\"\u0000", "expected label value, got \"\\\"\\x00\" (\"INVALID\") while parsing: \"a{b=\\\"\\x00\"")]
    [InlineData("a{b\u0000=\"hiih\"}\t1", "expected equal, got \"\\x00\" (\"INVALID\") while parsing: \"a{b\\x00\"")]
    [InlineData("a\u0000{b=\"ddd\"} 1", "expected value after metric, got \"\\x00\" (\"INVALID\") while parsing: \"a\\x00\"")]
    [InlineData("#", "expected a valid start token, got \"#\" (\"INVALID\") while parsing: \"#\"")]
    [InlineData("# H", "expected a valid start token, got \"# H\" (\"INVALID\") while parsing: \"# H\"")]
    [InlineData("orders_total 1 # {b=\u0000\"ssss\"} 1\n", "expected label value, got \"\\x00\" (\"INVALID\") while parsing: \"orders_total 1 # {b=\\x00\"")]
    [InlineData("orders_total 1 # {b=\"\u0000ss\"} 1\n", "expected label value, got \"\\\"\\x00\" (\"INVALID\") while parsing: \"orders_total 1 # {b=\\\"\\x00\"")]
    public void Refuses_openmetrics_with_the_words_of_the_reference(string body, string error) =>
        Assert.Equal(error, ErrorOf(body, ExpositionFormat.OpenMetrics));

    private static string ErrorOf(string body, ExpositionFormat format)
    {
        try
        {
            Exposed.ReadBody(Exposed.Body(System.Text.Encoding.Latin1.GetBytes(body), format), format);
            return "";
        }
        catch (ExpositionException e)
        {
            return e.Message;
        }
    }
}
