namespace Forethought.PromQL.Tests.Scripts;

/// <summary>Forgets all samples.</summary>
internal sealed record ClearCommand(int Line) : ScriptCommand(Line);
