using System.Text;

namespace Forethought.Flags;

/// <summary>Prints usage in the layout of Prometheus' <c>--help</c>: two columns, the second at 33, 80 wide.</summary>
public static class FlagHelp
{
    private const int HelpColumn = 33;
    private const int Width = 80;

    /// <summary>The usage text.</summary>
    public static string Usage(string program, string summary, IEnumerable<FlagDefinition> flags)
    {
        var text = new StringBuilder();
        text.Append("usage: ").Append(program).Append(" [<flags>]\n\n").Append(summary).Append("\n\n\nFlags:\n");
        Append(text, "  -h, --[no-]help", "Show context-sensitive help (also try --help-long and --help-man).");
        Append(text, "      --[no-]version", "Show application version.");
        foreach (FlagDefinition flag in flags.Where(flag => !flag.Hidden))
            Append(text, "      --" + Left(flag), flag.Help);
        return text.Append('\n').ToString();
    }

    private static string Left(FlagDefinition flag)
    {
        if (flag.Kind == FlagKind.Bool)
            return "[no-]" + flag.Name;
        string value = flag.Placeholder ?? flag.Default ?? "";
        if (flag.Placeholder is null && flag.Default is not null && flag.Kind == FlagKind.String)
            value = $"\"{value}\"";
        if (flag.Placeholder is null && flag.Default is null && flag.Kind is FlagKind.Duration or FlagKind.Bytes)
            value = flag.Name.ToUpperInvariant();
        if (flag.Kind == FlagKind.Strings)
            value = value.Contains(',', StringComparison.Ordinal) ? value[..value.IndexOf(',', StringComparison.Ordinal)] + "... ..." : value + " ...";
        return $"{flag.Name}={value}";
    }

    private static void Append(StringBuilder text, string left, string help)
    {
        text.Append(left);
        int column = left.Length;
        if (column > HelpColumn - 2)
        {
            text.Append("  \n");
            column = 0;
        }

        text.Append(' ', HelpColumn - column).AppendJoin("\n" + new string(' ', HelpColumn), HelpLines.Break(help, Width - HelpColumn)).Append('\n');
    }
}
