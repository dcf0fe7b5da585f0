namespace Forethought.Tsdb.Tests.Histories;

/// <summary>A history came to something that must not be; the message tells where.</summary>
public sealed class HistoryException(string message, Exception cause) : Exception(message, cause);
