using Xunit;

namespace Forethought.Testing;

/// <summary>
/// Finds the conformance data: vectors, scripts and recorded answers of the reference. They are not part of this repository;
/// <c>FORETHOUGHT_CONFORMANCE</c> names their directory. Without the variable a test that needs them is reported as skipped,
/// with the reason; in CI (<c>CI=true</c>), or when the variable is set and a file is missing, it fails.
/// </summary>
public static class Conformance
{
    /// <summary>The file or directory at <paramref name="relativePath"/>, known to exist.</summary>
    public static string Path(string relativePath)
    {
        string? root = Environment.GetEnvironmentVariable("FORETHOUGHT_CONFORMANCE");
        if (string.IsNullOrEmpty(root))
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail("FORETHOUGHT_CONFORMANCE is not set: conformance tests have no data");
            Assert.Skip("no conformance data: FORETHOUGHT_CONFORMANCE is not set");
        }

        string path = System.IO.Path.Combine(root!, relativePath);
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Fail($"conformance data missing: {path}");
        return path;
    }

    /// <summary>The rows of a tab-separated file below the header, as fields, escapes not undone.</summary>
    public static IEnumerable<string[]> Tsv(string relativePath) =>
        File.ReadLines(Path(relativePath)).Skip(1).Where(line => line.Length > 0).Select(line => line.Split('\t'));

    /// <summary>Undoes the escapes of the golden tables: <c>\\ \t \n \r \xNN</c>, where <c>\xNN</c> is one byte of UTF-8.</summary>
    public static byte[] Unescape(string field)
    {
        var bytes = new List<byte>(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] != '\\')
            {
                int length = char.IsHighSurrogate(field[i]) ? 2 : 1;
                bytes.AddRange(System.Text.Encoding.UTF8.GetBytes(field.Substring(i, length)));
                i += length - 1;
                continue;
            }

            switch (field[++i])
            {
                case 't': bytes.Add((byte)'\t'); break;
                case 'n': bytes.Add((byte)'\n'); break;
                case 'r': bytes.Add((byte)'\r'); break;
                case 'x':
                    bytes.Add(Convert.ToByte(field.Substring(i + 1, 2), 16));
                    i += 2;
                    break;
                default: bytes.Add((byte)field[i]); break;
            }
        }

        return [.. bytes];
    }
}
