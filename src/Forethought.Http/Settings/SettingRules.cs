namespace Forethought.Http;

/// <summary>What the validations of the sections share.</summary>
internal static class SettingRules
{
    /// <summary>How many of the alternatives are set.</summary>
    internal static int CountSet(params ReadOnlySpan<string> values)
    {
        int count = 0;
        foreach (string value in values)
        {
            count += value.Length > 0 ? 1 : 0;
        }

        return count;
    }
}
