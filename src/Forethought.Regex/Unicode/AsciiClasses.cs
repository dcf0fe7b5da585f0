using Forethought.Regex.Syntax;

namespace Forethought.Regex.Unicode;

/// <summary>The ASCII classes: Perl's <c>\d \s \w</c> and POSIX's <c>[:alpha:]</c> and so on.</summary>
internal static class AsciiClasses
{
    private static readonly RuneSet Digit = new(['0', '9']);
    private static readonly RuneSet PerlSpace = new(['\t', '\n', '\f', '\r', ' ', ' ']);

    private static readonly Dictionary<string, RuneSet> Posix = new()
    {
        ["alnum"] = new(['0', '9', 'A', 'Z', 'a', 'z']),
        ["alpha"] = new(['A', 'Z', 'a', 'z']),
        ["ascii"] = new([0, 0x7F]),
        ["blank"] = new(['\t', '\t', ' ', ' ']),
        ["cntrl"] = new([0, 0x1F, 0x7F, 0x7F]),
        ["digit"] = Digit,
        ["graph"] = new(['!', '~']),
        ["lower"] = new(['a', 'z']),
        ["print"] = new([' ', '~']),
        ["punct"] = new(['!', '/', ':', '@', '[', '`', '{', '~']),
        ["space"] = new(['\t', '\r', ' ', ' ']),
        ["upper"] = new(['A', 'Z']),
        ["word"] = RuneSet.Word,
        ["xdigit"] = new(['0', '9', 'A', 'F', 'a', 'f']),
    };

    /// <summary>The class of the letter of a Perl escape in lower case, or null.</summary>
    internal static RuneSet? FindPerl(char letter) => letter switch
    {
        'd' => Digit,
        's' => PerlSpace,
        'w' => RuneSet.Word,
        _ => null,
    };

    /// <summary>The class of a POSIX name without colons and negation, or null.</summary>
    internal static RuneSet? FindPosix(string name) => Posix.GetValueOrDefault(name);
}
