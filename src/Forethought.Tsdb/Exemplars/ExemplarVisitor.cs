namespace Forethought.Tsdb.Exemplars;

/// <summary>Looks at an exemplar and its series, which are valid during the call only.</summary>
internal delegate void ExemplarVisitor(in ExemplarSeriesEntry series, in ExemplarEntry exemplar);
