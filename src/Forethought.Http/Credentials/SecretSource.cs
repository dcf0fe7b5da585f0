namespace Forethought.Http.Credentials;

/// <summary>A secret from the configuration or from a file, which is read each time.</summary>
internal sealed class SecretSource
{
    private readonly string _text;
    private readonly string _file;

    private SecretSource(string text, string file)
    {
        _text = text;
        _file = file;
    }

    /// <summary>The source, or <see langword="null"/> when nothing is configured.</summary>
    /// <exception cref="HttpConfigurationException">Only a reference is configured, and there is no manager to resolve it.</exception>
    internal static SecretSource? From(string text, string file, string reference, string what)
    {
        if (text.Length > 0)
        {
            return new SecretSource(text, "");
        }

        if (file.Length > 0)
        {
            return new SecretSource("", file);
        }

        return reference.Length == 0 ? null : throw new HttpConfigurationException(
            $"unable to use {what}: cannot use secret ref without manager");
    }

    /// <summary>The secret now; of a file the content without surrounding white space.</summary>
    /// <exception cref="HttpRequestException">The file cannot be read.</exception>
    internal async ValueTask<string> ReadAsync(string what, CancellationToken cancellationToken)
    {
        if (_file.Length == 0)
        {
            return _text;
        }

        try
        {
            return (await File.ReadAllTextAsync(_file, cancellationToken).ConfigureAwait(false)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HttpRequestException($"unable to read {what}: unable to read file {_file}: {FileErrorText.Describe(_file, e)}", e);
        }
    }
}
