namespace Forethought.PromQL.Syntax;

/// <summary>
/// Finds the end of numbers and durations. What it takes is not yet known to be well-formed: the parser converts it and reports
/// what remains wrong. When a scan fails, the cursor stands behind the character that was too much, which error texts show.
/// </summary>
internal static class NumberScanner
{
    private const string DecimalDigits = "0123456789";
    private const string HexDigits = "0123456789abcdefABCDEF";

    /// <summary>Takes a number: decimal, hexadecimal, with fraction, exponent, underscores.</summary>
    /// <param name="cursor">Stands at the first character.</param>
    /// <param name="seriesNotation">
    /// In series notation "x" means repetition, so there is no hexadecimal form and a number may be followed by an x.
    /// </param>
    internal static bool TryScanNumber(SourceCursor cursor, bool seriesNotation)
    {
        int start = cursor.Position;
        string digits = DecimalDigits;
        if (!seriesNotation && cursor.Accept("0") && cursor.Accept("xX"))
        {
            cursor.Accept("_");
            digits = HexDigits;
        }

        cursor.Accept(".");
        cursor.Accept(digits);
        if (!TryScanTail(cursor, digits) || cursor.Position == start)
        {
            return false;
        }

        int next = cursor.Peek();
        return (seriesNotation && next == 'x') || !CharacterClasses.IsAlphaNumeric(next);
    }

    /// <summary>Takes what makes the number in front of the cursor a duration: a unit, then numbers with units.</summary>
    internal static bool TryScanDurationTail(SourceCursor cursor)
    {
        if (!cursor.Accept("smhdwy"))
        {
            return false;
        }

        // Units of two letters that do not exist (hs) are left to the conversion, which names them.
        cursor.Accept("s");
        while (cursor.Accept(DecimalDigits))
        {
            cursor.AcceptRun(DecimalDigits);
            if (!cursor.Accept("smhdw"))
            {
                return false;
            }

            cursor.Accept("s");
        }

        if (CharacterClasses.IsAlphaNumeric(cursor.Next()))
        {
            return false;
        }

        cursor.Back();
        return true;
    }

    private static bool TryScanTail(SourceCursor cursor, string digits)
    {
        bool dotSeen = false;
        bool exponentSeen = false;
        while (cursor.PeekIs(digits) || cursor.PeekIs("._eE"))
        {
            if ((dotSeen && cursor.Accept(".")) || (exponentSeen && cursor.Accept("eE")))
            {
                return false;
            }

            if (cursor.Accept("."))
            {
                dotSeen = true;
                if (cursor.Accept("_.") || digits == HexDigits)
                {
                    return false;
                }
            }
            else if (cursor.Accept("eE"))
            {
                exponentSeen = true;
                cursor.Accept("+-");
                if (cursor.Accept("._eE") || cursor.Peek() == SourceCursor.End)
                {
                    return false;
                }
            }
            else if (cursor.Accept("_"))
            {
                if (cursor.Accept("._eE") || cursor.Peek() == SourceCursor.End)
                {
                    return false;
                }
            }
            else
            {
                cursor.AcceptRun(digits);
            }
        }

        return true;
    }
}
