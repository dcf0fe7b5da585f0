using System.Collections.Frozen;

namespace Forethought.PromQL.Functions;

/// <summary>The functions that take a float as seconds since the Unix epoch and return a part of the date in UTC.</summary>
internal static class DateFunctions
{
    private static readonly FrozenDictionary<string, Func<CivilTime, double>> ByName = new Dictionary<string, Func<CivilTime, double>>
    {
        ["day_of_month"] = static time => time.Day,
        ["day_of_week"] = static time => time.DayOfWeek,
        ["day_of_year"] = static time => time.DayOfYear,
        ["days_in_month"] = static time => time.DaysInMonth,
        ["hour"] = static time => time.Hour,
        ["minute"] = static time => time.Minute,
        ["month"] = static time => time.Month,
        ["year"] = static time => time.Year,
    }.ToFrozenDictionary();

    /// <summary>The function with a name, null if there is none of this kind.</summary>
    public static StepMap? Find(string name)
    {
        if (!ByName.TryGetValue(name, out Func<CivilTime, double>? part))
            return null;
        return (values, _) =>
        {
            foreach (ref double x in values)
                x = part(new CivilTime(ToSeconds(x)));
        };
    }

    // Go's conversion of floats that do not fit on amd64: the smallest integer.
    private static long ToSeconds(double value) =>
        value is >= -9.2233720368547758E18 and < 9.2233720368547758E18 ? (long)value : long.MinValue;
}
