
namespace Forethought.Http.Tests;

/// <summary>The texts are those of upstream's <c>common/config</c>.</summary>
public sealed class SettingsTests
{
    private static readonly BasicAuthenticationSettings Basic = new() { Username = "u" };
    private static readonly OAuth2Settings OAuth2 = new() { ClientId = "i", TokenUrl = "http://t" };
    private static readonly Secret Secret = new("s");

    public static TheoryData<HttpClientSettings, string> Contradictions => new()
    {
        { new() { BearerToken = Secret, BearerTokenFile = "f" }, "at most one of bearer_token & bearer_token_file must be configured" },
        { new() { BearerToken = Secret, BasicAuthentication = Basic }, "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured" },
        { new() { BearerTokenFile = "f", OAuth2 = OAuth2 }, "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured" },
        { new() { BasicAuthentication = Basic with { UsernameFile = "f" } }, "at most one of basic_auth username, username_file & username_ref must be configured" },
        { new() { BasicAuthentication = new() { Password = Secret, PasswordFile = "f" } }, "at most one of basic_auth password, password_file & password_ref must be configured" },
        { new() { Authorization = new(), BearerToken = Secret }, "authorization is not compatible with bearer_token & bearer_token_file" },
        { new() { Authorization = new() { Credentials = Secret, CredentialsFile = "f" } }, "at most one of authorization credentials & credentials_file must be configured" },
        { new() { Authorization = new() { Type = " BASIC " } }, "authorization type cannot be set to \"basic\", use \"basic_auth\" instead" },
        { new() { Authorization = new(), BasicAuthentication = Basic }, "at most one of basic_auth, oauth2 & authorization must be configured" },
        { new() { Authorization = new(), OAuth2 = OAuth2 }, "at most one of basic_auth, oauth2 & authorization must be configured" },
        { new() { BasicAuthentication = Basic, OAuth2 = OAuth2 }, "at most one of basic_auth, oauth2 & authorization must be configured" },
        { new() { OAuth2 = OAuth2 with { ClientId = "" } }, "oauth2 client_id must be configured" },
        { new() { OAuth2 = OAuth2 with { TokenUrl = "" } }, "oauth2 token_url must be configured" },
        { new() { OAuth2 = OAuth2 with { ClientSecret = Secret, ClientSecretFile = "f" } }, "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured using grant-type=client_credentials" },
        { new() { OAuth2 = OAuth2 with { GrantType = OAuth2Settings.JwtBearerGrantType, SignatureAlgorithm = "ES256" } }, "valid signature algorithms are RS256, RS384 and RS512" },
        { new() { Proxy = new() { NoProxy = "x" } }, "if no_proxy is configured, proxy_url must also be configured" },
        { new() { Proxy = new() { FromEnvironment = true, NoProxy = "x" } }, "if proxy_from_environment is configured, no_proxy must not be configured" },
        { new() { Proxy = new() { FromEnvironment = true, Url = ConfiguredUrl.Parse("http://p") } }, "if proxy_from_environment is configured, proxy_url must not be configured" },
        { new() { OAuth2 = OAuth2 with { GrantType = OAuth2Settings.JwtBearerGrantType, ClientCertificateKey = Secret, ClientCertificateKeyFile = "f" } }, "at most one of oauth2 client_certificate_key, client_certificate_key_file & client_certificate_key_ref must be configured using grant-type=urn:ietf:params:oauth:grant-type:jwt-bearer" },
        { new() { Proxy = new() { ConnectHeaders = new ValueMap<ValueList<Secret>>([new("X", [Secret])]) } }, "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured" },
        { new() { Headers = new ValueMap<HeaderSettings>([new("user-AGENT", new())]) }, "setting header \"User-Agent\" is not allowed" },
    };

    [Theory]
    [MemberData(nameof(Contradictions), DisableDiscoveryEnumeration = true)]
    public void Refuses_contradictions_with_upstreams_text(HttpClientSettings settings, string text) =>
        Assert.Equal(text, Assert.Throws<HttpConfigurationException>(settings.Validated).Message);

    [Fact]
    public void Moves_the_bearer_token_into_the_authorization()
    {
        HttpClientSettings settings = (HttpClientSettings.Default with { BearerToken = Secret }).Validated();
        Assert.Equal(new AuthorizationSettings { Type = "Bearer", Credentials = Secret }, settings.Authorization);
        Assert.True(settings.BearerToken.IsEmpty);
    }

    [Fact]
    public void Masks_secrets()
    {
        Assert.Equal("<secret>", Secret.ToString());
        Assert.Equal("", default(Secret).ToString());
        Assert.DoesNotContain("hunter2", new BasicAuthenticationSettings { Password = new Secret("hunter2") }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compares_settings_by_content()
    {
        static HttpClientSettings Make() => HttpClientSettings.Default with
        {
            OAuth2 = OAuth2 with { Scopes = ["a", "b"], EndpointParameters = new ValueMap<string>([new("k", "v")]) },
            Headers = new ValueMap<HeaderSettings>([new("X", new HeaderSettings { Values = ["1"] })]),
        };
        Assert.Equal(Make(), Make());
        Assert.Equal(Make().GetHashCode(), Make().GetHashCode());
        Assert.NotEqual(Make(), Make() with { OAuth2 = OAuth2 });
    }

    [Fact]
    public void Joins_relative_files_to_the_directory()
    {
        var settings = new HttpClientSettings
        {
            BearerTokenFile = "token",
            Tls = new TlsSettings { CaFile = "../ca.pem", KeyFile = "/abs/key" },
            Headers = new ValueMap<HeaderSettings>([new("X", new HeaderSettings { Files = ["./f"] })]),
        }.WithDirectory("/etc/prometheus");
        Assert.Equal("/etc/prometheus/token", settings.BearerTokenFile);
        Assert.Equal(
            ("/d/u", "/d/p", "/d/c", "/d/s", "/d/ca"),
            Joined(new HttpClientSettings
            {
                BasicAuthentication = new BasicAuthenticationSettings { UsernameFile = "u", PasswordFile = "p" },
                Authorization = new AuthorizationSettings { CredentialsFile = "c" },
                OAuth2 = new OAuth2Settings { ClientSecretFile = "s", Tls = new TlsSettings { CaFile = "ca" } },
            }.WithDirectory("/d")));
        Assert.Equal("/etc/ca.pem", settings.Tls.CaFile);
        Assert.Equal("/abs/key", settings.Tls.KeyFile);
        Assert.Equal("", settings.Tls.CertificateFile);
        Assert.Equal(["/etc/prometheus/f"], settings.Headers!["X"].Files);
    }

    [Fact]
    public void A_map_is_ordered_by_key_and_compares_by_content()
    {
        var random = new Random(3);
        for (int round = 0; round < 200; round++)
        {
            var model = new SortedDictionary<string, int>(StringComparer.Ordinal);
            for (int i = random.Next(8); i > 0; i--)
            {
                model[((char)('A' + random.Next(40))).ToString()] = i;
            }

            var map = new ValueMap<int>(model.Reverse());
            Assert.Equal(model, map);
            Assert.Equal(model.Keys, map.Keys);
            Assert.Equal(model.Values, map.Values);
            for (char c = 'A'; c < 'A' + 40; c++)
            {
                string key = c.ToString();
                Assert.Equal(model.ContainsKey(key), map.ContainsKey(key));
                Assert.Equal(model.GetValueOrDefault(key), map.GetValueOrDefault(key));
            }

            Assert.Equal(map, new ValueMap<int>(model));
            Assert.NotEqual(map, new ValueMap<int>(model.Append(new("zz", 1))));
        }

        Assert.Equal("duplicate key a (Parameter 'entries')", Assert.Throws<ArgumentException>(() => new ValueMap<int>([new("a", 1), new("a", 2)])).Message);
        Assert.Throws<KeyNotFoundException>(() => ValueMap<int>.Empty["x"]);
    }

    [Fact]
    public void A_list_compares_by_content()
    {
        ValueList<string> list = ["a", "b"];
        Assert.Equal(list, ((string[])["a", "b"]).ToValueList());
        Assert.Equal(list.GetHashCode(), ((string[])["a", "b"]).ToValueList().GetHashCode());
        Assert.False(list.Equals((ValueList<string>)["b", "a"]));
        Assert.False(list.Equals((object)"a"));
        Assert.Equal((2, "b"), (list.Count, list[1]));
        Assert.Same(ValueList<string>.Empty, ((string[])[]).ToValueList());
    }

    [Fact]
    public void Says_in_gos_words_why_a_file_cannot_be_read()
    {
        Assert.Equal("open /f: no such file or directory", FileErrorText.Describe("/f", new DirectoryNotFoundException()));
        Assert.Equal("open /f: permission denied", FileErrorText.Describe("/f", new UnauthorizedAccessException()));
        Assert.Equal("read /: is a directory", FileErrorText.Describe("/", new UnauthorizedAccessException()));
        Assert.Equal("read /f: gone", FileErrorText.Describe("/f", new IOException("gone")));
    }

    [Theory]
    [InlineData("x-scope-orgid", "X-Scope-Orgid")]
    [InlineData("ACCEPT", "Accept")]
    [InlineData("www-authenticate", "Www-Authenticate")]
    [InlineData("a b", "a b")]
    [InlineData("-a--b", "-A--B")]
    public void Writes_header_names_as_go_does(string name, string canonical) => Assert.Equal(canonical, HeaderNames.Canonical(name));

    // Every name of upstream's ReservedHeaders, in the case users may write it in.
    [Theory]
    [InlineData("authorization"), InlineData("host"), InlineData("content-encoding"), InlineData("content-length"), InlineData("content-type")]
    [InlineData("connection"), InlineData("keep-alive"), InlineData("proxy-authenticate"), InlineData("proxy-authorization")]
    [InlineData("www-authenticate"), InlineData("accept-encoding"), InlineData("x-prometheus-remote-write-version")]
    [InlineData("x-prometheus-remote-read-version"), InlineData("x-prometheus-scrape-timeout-seconds"), InlineData("x-amz-date")]
    [InlineData("x-amz-security-token"), InlineData("x-amz-content-sha256")]
    public void Reserves_the_headers_that_prometheus_sets(string name)
    {
        var settings = new HttpClientSettings { Headers = new ValueMap<HeaderSettings>([new(name, new HeaderSettings())]) };
        Assert.Equal($"setting header \"{HeaderNames.Canonical(name)}\" is not allowed", Assert.Throws<HttpConfigurationException>(settings.Validated).Message);
    }

    private static (string User, string Password, string Credentials, string Secret, string Ca) Joined(HttpClientSettings settings) => (
        settings.BasicAuthentication!.UsernameFile,
        settings.BasicAuthentication.PasswordFile,
        settings.Authorization!.CredentialsFile,
        settings.OAuth2!.ClientSecretFile,
        settings.OAuth2.Tls.CaFile);

    // Expected values: Go's path.Clean, from the examples of its documentation.
    [Theory]
    [InlineData("a/c", "a/c")]
    [InlineData("a//c", "a/c")]
    [InlineData("a/c/.", "a/c")]
    [InlineData("a/c/b/..", "a/c")]
    [InlineData("/../a/c", "/a/c")]
    [InlineData("/../a/b/../././/c", "/a/c")]
    [InlineData("../../a", "../../a")]
    [InlineData("", ".")]
    public void Cleans_paths_as_go_does(string path, string clean) => Assert.Equal(clean, ConfiguredPath.Clean(path));
}
