using System.Text;
using Oracle = System.Text.RegularExpressions.Regex;
using OracleOptions = System.Text.RegularExpressions.RegexOptions;

namespace Forethought.Regex.Tests;

/// <summary>Patterns as people write them in matchers and relabelling rules, each against values as they occur, compared with the runtime's engine.</summary>
public sealed class EverydayPatternTests
{
    private static readonly string[] Patterns =
    [
        "", "foo", "foo.*", "foo.+", ".*foo", ".+foo", ".*foo.*", ".+foo.+", "^foo$", "(foo|bar)", "foo|bar|baz", "foo|", "(?:foo|bar)baz?", "f(?:oo)?.*", "(?i)FOO", "(?i:foo).*",
        "(?i).*foo.*", ".*foo.*|bar.*", "foo.*|.*bar.*", ".*foo.*bar.*|.*hello.*", ".+.*foo.*", "foo\n.*", ".?", ".", "..", ".{3}", "[a-z]+", "[a-z]+-[0-9]+", "[^-]+-.*", "\\d+", "\\w+",
        "\\S+", "[\\w.-]+", "10\\.0\\.\\d+\\.\\d+:9100", "(\\d{1,3}\\.){3}\\d{1,3}(:\\d+)?", "([^:]+)(?::\\d+)?", "(.+):(\\d+)", "(.*)", "([^;]*);(.*)", "__meta_kubernetes_pod_label_(.+)",
        "__.+", "(api|web|db)-(0|1|2)", "(api|web).*-(prod|dev)", "prod-.*|staging-.+", "5..", "[45]..", "2\\d\\d|3\\d\\d", "GET|POST", "(?i)get|post|put|delete|patch|head",
        "/api/v[12]/.*", "/(api|metrics)(/.*)?", "node_(cpu|memory)_.*", "(node|container)_.+_total", ".*_(bucket|sum|count)", "go_.*|process_.*|promhttp_.*", "a*", "(a|b)*c", "(ab|a)(c|bcd)?",
        "x{2,4}", "(?:foo){2}", "foo(?:-\\w+)*", "[a-zA-Z]+[0-9]*", "\\bfoo\\b.*", ".*\\bfoo\\b.*", ".*\\Boo.*", "é.*", ".*é", "[é-ü]+",
        "日本.+", "^(?:foo|^bar)$", "(foo$|bar)", "\\.", "a\\.b", "[.]", "\\$\\{.*\\}", "a\\|b", "(?-s:.*)", "(?m)^foo$", "\\x66oo", "(?s:.)oo", "(()|.)foo",
        ".*[0-9]$", ".*-$", "-.*", "(-|_).*", ".*(foo|oo|o)", "(f|fo|foo)(oo|o|)", "f.*o.*o", "f.*o.+o", ".*o.*-.*1.*", ".*a.*b.*c.*", "(?:.*-)?foo", "(?:foo-)?.*", "kube-.*-(master|node)-[a-z0-9]{4}",
    ];

    private static readonly string[] Values =
    [
        "", "f", "fo", "foo", "FOO", "Foo", "fooo", "foofoo", "foobar", "xfoo", "foox", "xfoox", "foo-bar", "foo bar", "bar foo", "bar", "baz", "foobaz", "barbaz", "foo\n", "foo\nbar", "\nfoo", "\n",
        "a", "b", "c", "ab", "abc", "abcd", "aabbc", "abababc", "aaa", "xx", "xxxx", "xxxxx", "a.b", "a|b", "-", "_x", "-x", "foo-a-b1", "10.0.0.1:9100", "10.0.12.250:9100", "10.0.0.1", "host.example.com:9100",
        "host:x", ":80", "a;b", ";", "one;two;three", "__meta_kubernetes_pod_label_app", "__meta_kubernetes_pod_label_", "__address__", "api-0", "web-2", "db-9", "api-x-prod", "prod-", "prod-eu", "staging-", "staging-1",
        "200", "301", "404", "503", "5xx", "GET", "post", "PATCH", "/api/v1/query", "/api/v3/query", "/api", "/metrics", "/metrics/", "node_cpu_seconds_total", "container_cpu_total", "http_request_duration_bucket", "go_goroutines",
        "process_start_time_seconds", "${1}", ".", "é", "éa", "aé", "üé", "日本", "日本語", "hello", "afoobbarc", "say hello", "kube-eu-node-ab12", "kube-node-ab12", "o-1", "foo-x-1-",
    ];

    [Fact]
    public void Mean_the_same_as_to_another_engine()
    {
        int matches = 0;
        foreach (string pattern in Patterns)
        {
            var oracle = new Oracle(ForOracle(pattern), OracleOptions.CultureInvariant | OracleOptions.NonBacktracking);
            var label = new LabelRegex(pattern);
            Re2Regex anchored = Re2Regex.CompileAnchored(pattern);
            var captures = new int[anchored.CaptureLength];
            foreach (string value in Values)
            {
                byte[] utf8 = Encoding.UTF8.GetBytes(value);
                bool expected = oracle.IsMatch(value);
                matches += expected ? 1 : 0;
                Assert.Equal((pattern, value, expected), (pattern, value, label.IsMatch(utf8)));
                Assert.Equal((pattern, value, expected), (pattern, value, anchored.IsMatch(utf8)));
                Assert.Equal((pattern, value, expected), (pattern, value, anchored.TryMatch(utf8, captures)));
                Assert.True(!expected || (captures[0], captures[1]) == (0, utf8.Length));
            }
        }

        Assert.InRange(matches, 500, Patterns.Length * Values.Length / 2);
    }

    [Fact]
    public void Replace_the_same_as_another_engine()
    {
        (string Pattern, string Template)[] rules =
        [
            ("(.*)", "$1"), ("(.*)", "pre-${1}-post"), ("([^:]+)(?::\\d+)?", "$1:9100"), ("(.+):(\\d+)", "$2/$1"), ("__meta_kubernetes_pod_label_(.+)", "$1"), ("([^;]*);(.*)", "${2};${1}"),
            ("(api|web)-(\\d)", "$2$1"), ("(f)(o+)(.*)", "$3$2$1"), ("(?:foo-)?(.*)", "[$1]"), ("(foo|fo)(o?)(.*)", "$1,$2,$3"), ("(.*?)-(.*)", "$1+$2"), ("(.*)-(.*)", "$1+$2"),
        ];
        foreach ((string pattern, string template) in rules)
        {
            var oracle = new Oracle(ForOracle(pattern), OracleOptions.CultureInvariant);
            Re2Regex regex = Re2Regex.CompileAnchored(pattern);
            foreach (string value in Values)
                Assert.Equal((pattern, value, oracle.Replace(value, template)), (pattern, value, regex.ReplaceAll(value, template)));
        }
    }

    // The runtime's \w and \d go beyond ASCII.
    private static string ForOracle(string pattern)
    {
        string ascii = pattern
            .Replace("[\\w", "[0-9A-Za-z_", StringComparison.Ordinal)
            .Replace("\\w", "[0-9A-Za-z_]", StringComparison.Ordinal)
            .Replace("\\d", "[0-9]", StringComparison.Ordinal);
        return $@"\A(?s:{ascii})\z";
    }
}
