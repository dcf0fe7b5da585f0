using Microsoft.Extensions.Logging;

namespace Forethought.Logging;

/// <summary>Makes loggers that write lines in Prometheus' forms to one writer. Thread-safe.</summary>
public sealed class ConsoleLoggerFactory(TextWriter output, LogFormat format, LogLevel minimum, TimeProvider time) : ILoggerFactory
{
    private readonly Lock _lock = new();

    /// <summary>The level of a flag's value (<c>--log.level</c>).</summary>
    public static LogLevel ParseLevel(string text) => text switch
    {
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new InvalidOperationException("the server logs to one place only");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Write(LogLevel level, string source, string message, IEnumerable<KeyValuePair<string, object?>> values)
    {
        string line = LogLine.Format(format, time.GetUtcNow(), level, source, message, values);
        lock (_lock)
        {
            output.Write(line);
            output.Flush();
        }
    }

    private sealed class Logger : ILogger
    {
        private readonly ConsoleLoggerFactory _factory;
        private readonly string _source;
        private readonly LogLevel _minimum;
        private readonly bool _isForeign;

        public Logger(ConsoleLoggerFactory factory, string category)
        {
            _factory = factory;
            _source = category.StartsWith("Forethought.", StringComparison.Ordinal) ? category["Forethought.".Length..] : category;
            // The framework's own chatter below a warning is nothing that an operator of the server could use.
            _isForeign = category.StartsWith("Microsoft.", StringComparison.Ordinal) || category.StartsWith("System.", StringComparison.Ordinal);
            _minimum = _isForeign && factory.Minimum < LogLevel.Warning ? LogLevel.Warning : factory.Minimum;
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= _minimum && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            string? message = null;
            var values = new List<KeyValuePair<string, object?>>();
            // The framework's templates have placeholders inside the sentence: only the whole text makes sense.
            if (!_isForeign && state is IEnumerable<KeyValuePair<string, object?>> pairs)
            {
                foreach (KeyValuePair<string, object?> pair in pairs)
                {
                    if (pair.Key == "{OriginalFormat}")
                        message = LogLine.MessageOf(pair.Value as string ?? "");
                    else
                        values.Add(pair);
                }
            }

            // A message known only at run time comes as the first value of a template that begins with it.
            if (message is "" && values is [{ Value: string text }, ..])
            {
                message = text;
                values.RemoveAt(0);
            }

            if (exception is not null)
                values.Add(new("err", exception.Message));
            _factory.Write(logLevel, _source, message ?? formatter(state, exception), values);
        }
    }

    private LogLevel Minimum => minimum;
}
