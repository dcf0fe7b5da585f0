namespace Forethought.PromQL.Tests.Scripts.Recording;

/// <summary>
/// Writes into a script what the real Prometheus answers: each evaluation keeps its line, and what was expected of it is
/// replaced. Such a script has one <c>load</c>, or none with native histograms in results.
/// </summary>
internal static class ScriptRecorder
{
    public static async Task<string> RecordAsync(string script)
    {
        List<ScriptCommand> commands = ScriptParser.Parse(script);
        var answers = new Dictionary<int, ReferenceAnswer>();
        await using (ReferenceServer server = await ReferenceServer.StartAsync(commands))
        {
            foreach (EvalCommand command in commands.OfType<EvalCommand>())
                answers.Add(command.Line, new ReferenceAnswer(command, await server.AskAsync(command)));
        }

        string[] lines = script.Split('\n');
        ReferenceHistograms histograms = await ReferenceHistograms.EvaluateAsync(
            lines, [.. answers.Values.SelectMany(static answer => answer.HistogramEvaluations).Distinct()]);
        return string.Join('\n', Rewrite(lines, answers, histograms));
    }

    private static IEnumerable<string> Rewrite(string[] lines, Dictionary<int, ReferenceAnswer> answers, ReferenceHistograms histograms)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            yield return lines[i];
            if (!answers.TryGetValue(i + 1, out ReferenceAnswer? answer))
                continue;
            foreach (string line in answer.ToLines(histograms))
                yield return "  " + line;
            while (i + 1 < lines.Length && lines[i + 1].StartsWith(' '))
                i++;
        }
    }
}
