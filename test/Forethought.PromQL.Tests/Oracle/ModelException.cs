namespace Forethought.PromQL.Tests.Oracle;

/// <summary>The query has no answer.</summary>
internal sealed class ModelException(string message) : Exception(message);
