namespace Forethought.Exposition;

internal static class TokenKinds
{
    private static readonly string[] Names =
    [
        "INVALID", "EOF", "LINEBREAK", "HELP", "TYPE", "UNIT", "EOFWORD", "TEXT", "COMMENT", "MNAME", "QSTRING", "BOPEN", "BCLOSE",
        "LNAME", "LVALUE", "COMMA", "EQUAL", "TIMESTAMP", "VALUE",
    ];

    /// <summary>The name under which error texts show a token.</summary>
    public static string Name(this TokenKind kind) => Names[(int)kind];
}
