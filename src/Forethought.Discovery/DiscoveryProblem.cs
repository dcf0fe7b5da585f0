namespace Forethought.Discovery;

/// <summary>Something went wrong in a discovery that goes on all the same; to be logged.</summary>
/// <param name="Message">What went wrong, as upstream's log says it.</param>
/// <param name="Mechanism">The mechanism, such as <c>file</c>.</param>
/// <param name="Set">The set it was made for: a job, or a group of Alertmanagers.</param>
/// <param name="Error">The reason.</param>
/// <param name="Path">The file concerned; empty when there is none.</param>
public sealed record DiscoveryProblem(string Message, string Mechanism, string Set, Exception? Error, string Path = "");
