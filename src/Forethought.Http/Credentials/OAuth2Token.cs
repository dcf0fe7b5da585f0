namespace Forethought.Http.Credentials;

/// <summary>A token as fetched.</summary>
/// <param name="AccessToken">The token.</param>
/// <param name="Type">The scheme of the <c>Authorization</c> header.</param>
/// <param name="Expiry">When it is no longer used; <see langword="null"/> for never.</param>
/// <param name="Secret">The secret it was fetched with.</param>
internal sealed record OAuth2Token(string AccessToken, string Type, DateTimeOffset? Expiry, string Secret);
