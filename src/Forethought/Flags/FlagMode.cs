namespace Forethought.Flags;

/// <summary>In which mode a flag may be given.</summary>
public enum FlagMode
{
    /// <summary>Both modes.</summary>
    Both,

    /// <summary>Server mode only.</summary>
    Server,

    /// <summary>Agent mode only.</summary>
    Agent,
}
