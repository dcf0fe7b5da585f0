using Forethought.Flags;

Console.Write(FlagHelp.Usage("prometheus", "The Prometheus monitoring server", ServerFlags.All));
return 0;
