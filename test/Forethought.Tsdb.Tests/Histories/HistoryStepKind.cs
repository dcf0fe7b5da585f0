namespace Forethought.Tsdb.Tests.Histories;

internal enum HistoryStepKind
{
    Transact,
    Stage,
    End,
    Maintain,
    MaintainBesideReader,
    Query,
    Labels,
    Delete,
    Clean,
    Snapshot,
    Truncate,
    Retain,
    Window,
    Wait,
    Reopen,
}
