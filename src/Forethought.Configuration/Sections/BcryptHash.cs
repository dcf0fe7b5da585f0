using System.Globalization;

namespace Forethought.Configuration.Sections;

/// <summary>The shape of bcrypt hashes, with the complaints of Go's <c>crypto/bcrypt</c>.</summary>
internal static class BcryptHash
{
    private const int MinLength = 59;

    /// <summary>What is wrong with a hash; <see langword="null"/> when nothing is.</summary>
    internal static string? Problem(string hash)
    {
        if (hash.Length < MinLength)
        {
            return "crypto/bcrypt: hashedSecret too short to be a bcrypted password";
        }

        if (hash[0] != '$')
        {
            return $"crypto/bcrypt: bcrypt hashes must start with '$', but hashedSecret started with '{hash[0]}'";
        }

        if (hash[1] > '2')
        {
            return $"crypto/bcrypt: bcrypt algorithm version '{hash[1]}' requested is newer than current version '2'";
        }

        string cost = hash.Substring(hash[2] == '$' ? 3 : 4, 2);
        return !int.TryParse(cost, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int rounds)
            ? $"strconv.Atoi: parsing \"{cost}\": invalid syntax"
            : rounds is < 4 or > 31 ? $"crypto/bcrypt: cost {rounds} is outside allowed inclusive range 4..31"
            : null;
    }
}
