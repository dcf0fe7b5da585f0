namespace Forethought.Tsdb.Memory;

/// <summary>A pinned epoch, to be given back to <see cref="EpochManager.Unpin"/> exactly once. The default value pins nothing.</summary>
internal readonly struct EpochPin(int placePlusOne)
{
    public int Place => placePlusOne - 1;

    public bool IsNone => placePlusOne == 0;
}
