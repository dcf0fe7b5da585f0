using System.Text;

namespace Forethought.Http;

/// <summary>Paths written in configuration files: relative ones are meant from the directory of the file they stand in.</summary>
public static class ConfiguredPath
{
    /// <summary>
    /// Joins <paramref name="path"/> to <paramref name="directory"/> and removes <c>.</c>, <c>..</c> and doubled separators.
    /// Empty and absolute paths come back unchanged.
    /// </summary>
    public static string Join(string directory, string path)
    {
        if (path.Length == 0 || Path.IsPathFullyQualified(path) || path[0] == '/')
        {
            return path;
        }

        return Clean(directory.Length == 0 ? path : directory + "/" + path);
    }

    /// <summary>The shortest path that means the same, by its text alone; the empty path becomes <c>.</c>.</summary>
    public static string Clean(string path)
    {
        bool rooted = path.Length > 0 && path[0] == '/';
        var kept = new List<string>();
        foreach (string part in path.Split('/'))
        {
            if (part.Length == 0 || part == ".")
            {
                continue;
            }

            if (part != "..")
            {
                kept.Add(part);
            }
            else if (kept.Count > 0 && kept[^1] != "..")
            {
                kept.RemoveAt(kept.Count - 1);
            }
            else if (!rooted)
            {
                kept.Add(part);
            }
        }

        var text = new StringBuilder(rooted ? "/" : "");
        text.AppendJoin('/', kept);
        return text.Length == 0 ? "." : text.ToString();
    }
}
