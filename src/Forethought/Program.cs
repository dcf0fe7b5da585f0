using Forethought.Server;

// The first argument picks the role; without one it is the server.
if (args is ["tool", ..])
{
    await Console.Error.WriteLineAsync("forethought tool is not part of this version").ConfigureAwait(false);
    return 1;
}

return await new ServerRole(Console.Out, Console.Error).RunAsync(args).ConfigureAwait(false);
