using System.Globalization;
using Forethought.Encoding;
using Forethought.Model;
using Forethought.Storage;

namespace Forethought.Remote.Tests.Receive;

/// <summary>A store that notes what is committed and refuses what it is told to refuse.</summary>
internal sealed class RecordingStorage : IAppendable
{
    private readonly List<Labels> _series = [];

    /// <summary>Committed rows, as <c>{labels} value@time</c>.</summary>
    public List<string> Rows { get; } = [];

    public List<object> Histograms { get; } = [];

    public List<(Labels Series, Exemplar Exemplar)> Exemplars { get; } = [];

    public int Commits { get; private set; }

    public int Rollbacks { get; private set; }

    public int AppendCalls { get; private set; }

    public int SeriesCreated => _series.Count;

    /// <summary>The outcome of a row by its time.</summary>
    public Func<long, AppendOutcome> Outcome { get; init; } = _ => AppendOutcome.Accepted;

    public string HistogramError { get; init; } = "";

    public Exception? CommitFailure { get; init; }

    public IAppender OpenAppender() => new Appender(this);

    private sealed class Appender(RecordingStorage storage) : IAppender
    {
        private readonly List<string> _rows = [];
        private readonly List<object> _histograms = [];
        private readonly List<(Labels Series, Exemplar Exemplar)> _exemplars = [];
        private bool _isEnded;

        public SeriesRef GetOrCreate(ReadOnlySpan<byte> packedLabels, ulong hash, out bool created)
        {
            Assert.True(PackedLabels.IsWellFormed(packedLabels));
            Assert.Equal(XxHash64.Compute(packedLabels), hash);
            Labels labels = Labels.FromPacked(packedLabels);
            int index = storage._series.IndexOf(labels);
            created = index < 0;
            if (!created)
                return new SeriesRef((ulong)index + 1);
            storage._series.Add(labels);
            return new SeriesRef((ulong)storage._series.Count);
        }

        public bool IsKnown(SeriesRef series) => series.Value <= (ulong)storage._series.Count;

        public int Append(AppendBatch batch)
        {
            storage.AppendCalls++;
            int refused = 0;
            for (int i = 0; i < batch.Count; i++)
            {
                AppendOutcome outcome = storage.Outcome(batch.TimesMs[i]);
                batch.Outcomes[i] = outcome;
                if (outcome == AppendOutcome.InvalidHistogram)
                    batch.Errors.Add((i, storage.HistogramError));
                if (outcome > AppendOutcome.Identical)
                    refused++;
                else
                    Stage(batch, i);
            }

            foreach ((SeriesRef series, Exemplar exemplar) in batch.Exemplars)
                _exemplars.Add((LabelsOf(series), exemplar));
            return refused;
        }

        public ValueTask CommitAsync(CancellationToken cancellationToken = default)
        {
            End();
            if (storage.CommitFailure is { } failure)
                throw failure;
            storage.Commits++;
            storage.Rows.AddRange(_rows);
            storage.Histograms.AddRange(_histograms);
            storage.Exemplars.AddRange(_exemplars);
            return ValueTask.CompletedTask;
        }

        public void Rollback()
        {
            End();
            storage.Rollbacks++;
        }

        public void Dispose()
        {
            if (!_isEnded)
                storage.Rollbacks++;
            _isEnded = true;
        }

        private void End()
        {
            Assert.False(_isEnded);
            _isEnded = true;
        }

        private Labels LabelsOf(SeriesRef series) => storage._series[(int)series.Value - 1];

        private void Stage(AppendBatch batch, int row)
        {
            Labels labels = LabelsOf(batch.Series[row]);
            if (batch.Histograms?[row] is { } histogram)
            {
                _histograms.Add(histogram);
                _rows.Add($"{labels} histogram@{batch.TimesMs[row]}");
                return;
            }

            string value = batch.Values[row].ToString("R", CultureInfo.InvariantCulture);
            _rows.Add($"{labels} {value}@{batch.TimesMs[row]}");
        }
    }
}
