using System.Diagnostics;

namespace Interop.Tests;

/// <summary>Runs the reference's command-line tool.</summary>
internal static class Promtool
{
    /// <summary>Runs it to its end.</summary>
    /// <returns>What it printed, to both outputs.</returns>
    public static async Task<(string Output, int ExitCode)> Run(string[] arguments, string input = "")
    {
        using Process process = Process.Start(new ProcessStartInfo(Reference.Promtool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (output, process.ExitCode);
    }

    /// <summary>Runs it and expects success.</summary>
    public static async Task<string> Succeed(params string[] arguments)
    {
        (string output, int exitCode) = await Run(arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
