using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Forethought.Http.Credentials;

/// <summary>Signs the assertion of RFC 7523.</summary>
internal static class JwtAssertion
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <exception cref="HttpRequestException">The key is not an RSA private key in PEM.</exception>
    internal static string Sign(OAuth2Settings settings, string privateKeyPem, DateTimeOffset now)
    {
        string algorithm = settings.SignatureAlgorithm.Length == 0 ? "RS256" : settings.SignatureAlgorithm;
        string signed = $"{Part(writer => WriteHeader(writer, settings, algorithm))}.{Part(writer => WriteClaims(writer, settings, now))}";
        HashAlgorithmName hash = algorithm switch
        {
            "RS384" => HashAlgorithmName.SHA384,
            "RS512" => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
        try
        {
            using var key = RSA.Create();
            key.ImportFromPem(privateKeyPem);
            byte[] signature = key.SignData(System.Text.Encoding.ASCII.GetBytes(signed), hash, RSASignaturePadding.Pkcs1);
            return $"{signed}.{Base64Url.EncodeToString(signature)}";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new HttpRequestException($"oauth2: cannot sign assertion: {e.Message}", e);
        }
    }

    private static string Part(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(stream.ToArray());
    }

    private static void WriteHeader(Utf8JsonWriter writer, OAuth2Settings settings, string algorithm)
    {
        writer.WriteString("alg", algorithm);
        writer.WriteString("typ", "JWT");
        if (settings.ClientCertificateKeyId.Length > 0)
        {
            writer.WriteString("kid", settings.ClientCertificateKeyId);
        }
    }

    private static void WriteClaims(Utf8JsonWriter writer, OAuth2Settings settings, DateTimeOffset now)
    {
        var claims = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = settings.Issuer.Length == 0 ? settings.ClientId : settings.Issuer,
            ["sub"] = settings.ClientId,
            ["aud"] = settings.Audience.Length == 0 ? settings.TokenUrl : settings.Audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
        };
        if (settings.Scopes.Count > 0)
        {
            claims["scope"] = string.Join(' ', settings.Scopes);
        }

        // Configured claims win, also over those above.
        foreach ((string name, object? value) in settings.Claims)
        {
            claims[name] = value;
        }

        foreach ((string name, object? value) in claims)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case bool boolean: writer.WriteBooleanValue(boolean); break;
            case long integer: writer.WriteNumberValue(integer); break;
            case ulong integer: writer.WriteNumberValue(integer); break;
            case double number: writer.WriteNumberValue(number); break;
            case ValueList<object?> list:
                writer.WriteStartArray();
                foreach (object? item in list)
                {
                    WriteValue(writer, item);
                }

                writer.WriteEndArray();
                break;
            case ValueMap<object?> map:
                writer.WriteStartObject();
                foreach ((string name, object? item) in map)
                {
                    writer.WritePropertyName(name);
                    WriteValue(writer, item);
                }

                writer.WriteEndObject();
                break;
            default: writer.WriteStringValue(value.ToString()); break;
        }
    }
}
