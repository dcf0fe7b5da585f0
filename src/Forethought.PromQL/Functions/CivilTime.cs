namespace Forethought.PromQL.Functions;

/// <summary>
/// A point in time in the proleptic Gregorian calendar, UTC, for any number of seconds: queries may ask for the date of any
/// float. Days are turned into dates by the algorithm of Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
/// </summary>
internal readonly struct CivilTime
{
    private const long SecondsPerDay = 86_400;

    // The start of the year -292277022399: Go counts seconds from there in 64 unsigned bits, so that what lies before comes
    // last. Floats that are no date end up there.
    private const long EarliestSeconds = -9_223_371_966_579_724_800;

    private readonly long _days;
    private readonly int _secondOfDay;

    public CivilTime(long unixSeconds)
    {
        if (unixSeconds >= EarliestSeconds)
        {
            _days = Math.DivRem(unixSeconds, SecondsPerDay, out long rest);
            if (rest < 0)
            {
                _days--;
                rest += SecondsPerDay;
            }

            _secondOfDay = (int)rest;
        }
        else
        {
            Int128 wrapped = unixSeconds + ((Int128)1 << 64);
            _days = (long)(wrapped / SecondsPerDay);
            _secondOfDay = (int)(wrapped % SecondsPerDay);
        }

        (Year, Month, Day) = DateOf(_days);
    }

    public long Year { get; }

    /// <summary>1…12.</summary>
    public int Month { get; }

    /// <summary>1…31.</summary>
    public int Day { get; }

    public int Hour => _secondOfDay / 3600;

    public int Minute => _secondOfDay / 60 % 60;

    /// <summary>0 (Sunday)…6.</summary>
    public int DayOfWeek => (int)(((_days + 4) % 7 + 7) % 7);

    /// <summary>1…366.</summary>
    public int DayOfYear => DaysBefore(Month) + (Month > 2 && IsLeap ? 1 : 0) + Day;

    public int DaysInMonth => Month switch
    {
        2 => IsLeap ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private bool IsLeap => Year % 4 == 0 && (Year % 100 != 0 || Year % 400 == 0);

    private static int DaysBefore(int month) => month <= 2 ? 31 * (month - 1) : ((153 * (month - 3)) + 2) / 5 + 59;

    private static (long Year, int Month, int Day) DateOf(long days)
    {
        // Eras of 400 years that begin on 1 March 0000, so that the leap day comes last in a year.
        long shifted = days + 719_468;
        long era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097;
        long dayOfEra = shifted - (era * 146_097);
        long yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long monthFromMarch = ((5 * dayOfYear) + 2) / 153;
        int month = (int)(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
        int day = (int)(dayOfYear - (((153 * monthFromMarch) + 2) / 5) + 1);
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, day);
    }
}
