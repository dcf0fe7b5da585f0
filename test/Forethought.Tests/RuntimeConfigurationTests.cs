using System.Text.Json;

namespace Forethought.Tests;

public sealed class RuntimeConfigurationTests
{
    // Spinning costs more than all scraping at usual intervals, and the server's garbage collector takes memory by the processor;
    // a misspelt property in the project would bring either back without a word.
    [Fact]
    public void The_built_server_neither_spins_nor_uses_server_garbage_collection()
    {
        string path = Path.ChangeExtension(typeof(Forethought.Server.ServerRole).Assembly.Location, ".runtimeconfig.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement properties = document.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");
        Assert.False(properties.GetProperty("System.GC.Server").GetBoolean());
        Assert.True(properties.GetProperty("System.GC.Concurrent").GetBoolean());
        Assert.Equal(0, properties.GetProperty("System.Threading.ThreadPool.UnfairSemaphoreSpinLimit").GetInt32());
        Assert.True(properties.GetProperty("System.Runtime.TieredPGO").GetBoolean());
    }

    // The runtime ignores a setting whose name it does not know.
    [Fact]
    public void The_built_server_collects_young_memory_before_much_of_it_survives()
    {
        string path = Path.ChangeExtension(typeof(Forethought.Server.ServerRole).Assembly.Location, ".runtimeconfig.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement properties = document.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");
        Assert.Equal(4 << 20, properties.GetProperty("System.GC.Gen0MaxBudget").GetInt32());
        Assert.Contains("GCGen0MaxBudget", GC.GetConfigurationVariables().Keys);
    }
}
