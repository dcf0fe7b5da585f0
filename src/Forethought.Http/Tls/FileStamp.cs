namespace Forethought.Http.Tls;

/// <summary>What tells versions of a file apart without reading it.</summary>
internal readonly record struct FileStamp(DateTime LastWriteUtc, long Length)
{
    internal static FileStamp Of(string path)
    {
        // A link is followed, so that swapping the directory behind it, as Kubernetes does with secrets, is seen.
        var info = new FileInfo(path);
        FileSystemInfo target = info.Exists && info.LinkTarget is not null ? info.ResolveLinkTarget(returnFinalTarget: true) ?? info : info;
        return target is FileInfo { Exists: true } file ? new FileStamp(file.LastWriteTimeUtc, file.Length) : default;
    }
}
