using System.Runtime.InteropServices;

namespace Forethought.Tsdb.Chunks;

/// <summary>
/// Decides what chunks with start timestamps write about them; see <see cref="StartTimeReader"/> for the code. A distance is
/// written from the first sample on whose start timestamp differs from the one before it, and from sample number 127 on at the
/// latest, because the header has no larger number.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StartTimeWriter
{
    /// <summary>From this sample on distances are written in any case.</summary>
    public const int LastFirstChange = 127;

    private const byte FirstIsKnown = 0x80;
    private const byte ChangeMask = 0x7f;

    private long _startMs;
    private long _distance;

    /// <summary>The byte of the chunk's header.</summary>
    public byte Header { get; private set; }

    /// <summary>Takes the first sample's start timestamp, 0 for none.</summary>
    /// <param name="timeMs">The sample's time.</param>
    /// <param name="startMs">Its start timestamp.</param>
    /// <param name="distance">What to write behind the sample, as varint.</param>
    /// <returns>Whether anything is written.</returns>
    public bool First(long timeMs, long startMs, out long distance)
    {
        distance = timeMs - startMs;
        _startMs = startMs;
        _distance = 0;
        Header = startMs == 0 ? (byte)0 : FirstIsKnown;
        return startMs != 0;
    }

    /// <summary>Takes a later sample's start timestamp.</summary>
    /// <param name="index">The sample's number in the chunk, from 1.</param>
    /// <param name="previousTimeMs">The time of the sample before.</param>
    /// <param name="startMs">The start timestamp, 0 for none.</param>
    /// <param name="change">What to write behind the sample, as varbit.</param>
    /// <returns>Whether anything is written.</returns>
    public bool Next(int index, long previousTimeMs, long startMs, out long change)
    {
        change = 0;
        bool hasChanged = startMs != _startMs;
        _startMs = startMs;
        if ((Header & ChangeMask) == 0)
        {
            if (!hasChanged && index != LastFirstChange)
                return false;
            Header |= (byte)index;
        }

        long distance = previousTimeMs - startMs;
        change = distance - _distance;
        _distance = distance;
        return true;
    }
}
