namespace Forethought.PromQL.Syntax;

/// <summary>Scans words: identifiers and keywords.</summary>
internal static class WordScanner
{
    /// <summary>Scans an identifier, which may contain colons, or a keyword.</summary>
    internal static Token Scan(SourceCursor cursor)
    {
        while (CharacterClasses.IsAlphaNumeric(cursor.Peek()) || cursor.Peek() == ':')
        {
            cursor.Next();
        }

        string word = cursor.TokenText;
        return new Token(Classify(cursor, word), cursor.TokenStart, word);
    }

    /// <summary>Scans an identifier between braces, where no word is a keyword.</summary>
    internal static Token ScanLabelName(SourceCursor cursor)
    {
        while (CharacterClasses.IsAlphaNumeric(cursor.Peek()))
        {
            cursor.Next();
        }

        return new Token(TokenKind.Identifier, cursor.TokenStart, cursor.TokenText);
    }

    private static TokenKind Classify(SourceCursor cursor, string word)
    {
        if (!TokenKinds.Words.TryGetValue(word.ToLowerInvariant(), out TokenKind kind))
        {
            return word.Contains(':') ? TokenKind.MetricIdentifier : TokenKind.Identifier;
        }

        // These came late to the language: queries on metrics of these names keep working.
        bool mayBeMetric = kind is TokenKind.Fill or TokenKind.FillLeft or TokenKind.FillRight;
        return mayBeMetric && !cursor.IsFollowedByLeftParen() ? TokenKind.Identifier : kind;
    }
}
