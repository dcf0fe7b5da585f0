using Forethought.Tsdb.Platform;

namespace Forethought.Tsdb.Wal;

/// <summary>Segments of one directory, to be read in order.</summary>
/// <param name="Directory">A log or a checkpoint.</param>
/// <param name="First">The first segment to read.</param>
/// <param name="Last">The last one, inclusive.</param>
/// <param name="FirstOffset">Where to begin in the first segment; a record must begin there.</param>
public readonly record struct WalRange(IStorageDirectory Directory, int First = 0, int Last = int.MaxValue, long FirstOffset = 0);
