using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Forethought.Http.Credentials;

namespace Forethought.Http.Tests;

/// <summary>The claims are those of upstream's <c>oauth_assertion.go</c>.</summary>
public sealed class JwtAssertionTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private static readonly OAuth2Settings Settings = new()
    {
        ClientId = "me",
        GrantType = OAuth2Settings.JwtBearerGrantType,
        TokenUrl = "https://idp.example/token",
    };

    [Theory]
    [InlineData("", "RS256")]
    [InlineData("RS256", "RS256")]
    [InlineData("RS384", "RS384")]
    [InlineData("RS512", "RS512")]
    public void Signs_with_the_configured_algorithm(string configured, string algorithm)
    {
        using var key = RSA.Create(2048);
        foreach (string pem in (ReadOnlySpan<string>)[key.ExportPkcs8PrivateKeyPem(), key.ExportRSAPrivateKeyPem()])
        {
            string[] parts = JwtAssertion.Sign(Settings with { SignatureAlgorithm = configured }, pem, Now).Split('.');
            Assert.Equal($"{{\"alg\":\"{algorithm}\",\"typ\":\"JWT\"}}", Decoded(parts[0]));
            var hash = new HashAlgorithmName("SHA" + algorithm[2..]);
            byte[] signed = System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
            Assert.True(key.VerifyData(signed, Base64Url.DecodeFromChars(parts[2]), hash, RSASignaturePadding.Pkcs1));
        }
    }

    [Fact]
    public void Claims_ten_minutes_for_the_client_at_the_token_endpoint()
    {
        JsonElement claims = ClaimsOf(Settings);
        Assert.Equal(["aud", "exp", "iat", "iss", "jti", "sub"], claims.EnumerateObject().Select(static claim => claim.Name));
        Assert.Equal(("me", "me", "https://idp.example/token"), (Text(claims, "iss"), Text(claims, "sub"), Text(claims, "aud")));
        Assert.Equal((1_700_000_000, 1_700_000_600), (claims.GetProperty("iat").GetInt64(), claims.GetProperty("exp").GetInt64()));
        Assert.True(Guid.TryParse(Text(claims, "jti"), out _));
        Assert.NotEqual(Text(claims, "jti"), Text(ClaimsOf(Settings), "jti"));
    }

    [Fact]
    public void Claims_the_configured_issuer_audience_and_scopes()
    {
        JsonElement claims = ClaimsOf(Settings with { Issuer = "issuer", Audience = "audience", Scopes = ["a", "b"] });
        Assert.Equal(("issuer", "me", "audience", "a b"), (Text(claims, "iss"), Text(claims, "sub"), Text(claims, "aud"), Text(claims, "scope")));
    }

    [Fact]
    public void Lets_configured_claims_of_every_kind_win()
    {
        ValueMap<object?> claims = new(
        [
            new("sub", "someone else"), new("none", null), new("yes", true), new("int", -3L), new("big", ulong.MaxValue), new("float", 1.5),
            new("list", new ValueList<object?>([1L, "x", null])), new("map", new ValueMap<object?>([new("k", new ValueList<object?>([]))])),
            new("date", new DateOnly(2024, 2, 29)),
        ]);
        JsonElement written = ClaimsOf(Settings with { Claims = claims });
        Assert.Equal("someone else", Assert.Single(written.EnumerateObject(), static claim => claim.Name == "sub").Value.GetString());
        Assert.Equal(
            ["null", "true", "-3", "18446744073709551615", "1.5", "[1,\"x\",null]", "{\"k\":[]}"],
            ((string[])["none", "yes", "int", "big", "float", "list", "map"]).Select(name => written.GetProperty(name).GetRawText()));
        Assert.Equal(JsonValueKind.String, written.GetProperty("date").ValueKind);
    }

    private static JsonElement ClaimsOf(OAuth2Settings settings)
    {
        using var key = RSA.Create(2048);
        using var claims = JsonDocument.Parse(Decoded(JwtAssertion.Sign(settings, key.ExportPkcs8PrivateKeyPem(), Now).Split('.')[1]));
        return claims.RootElement.Clone();
    }

    private static string? Text(JsonElement claims, string name) => claims.GetProperty(name).GetString();

    private static string Decoded(string part) => System.Text.Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));
}
