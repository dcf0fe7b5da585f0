namespace Forethought.PromQL.Tests.Scripts;

/// <summary>A command of a test script.</summary>
/// <param name="Line">Its line, from 1.</param>
internal abstract record ScriptCommand(int Line);
