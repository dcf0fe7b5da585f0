using Forethought.Model;

namespace Forethought.PromQL.Execution;

/// <summary>Changes a label set.</summary>
/// <returns>Whether anything was set.</returns>
internal delegate bool LabelChange(LabelsBuilder labels);
