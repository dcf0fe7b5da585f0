using Forethought.Encoding;
using Forethought.Model;

namespace Forethought.Remote.Receive;

/// <summary>
/// The fields of a <c>prometheus.Histogram</c>, a native histogram with integer or float counts. The field numbers are those of
/// upstream's <c>prompb/types.proto</c>.
/// </summary>
internal ref struct HistogramMessage
{
    private ProtobufReader _reader;
    private bool _hasFloatCount;
    private ulong _count;
    private double _floatCount;
    private double _sum;
    private int _schema;
    private double _zeroThreshold;
    private ulong _zeroCount;
    private double _floatZeroCount;
    private CounterResetHint _resetHint;
    private RepeatedField<HistogramSpan> _negativeSpans;
    private RepeatedField<long> _negativeDeltas;
    private RepeatedField<double> _negativeCounts;
    private RepeatedField<HistogramSpan> _positiveSpans;
    private RepeatedField<long> _positiveDeltas;
    private RepeatedField<double> _positiveCounts;
    private RepeatedField<double> _customValues;

    /// <summary>Reads the message.</summary>
    /// <exception cref="MalformedRequestException">It is not well-formed.</exception>
    public HistogramMessage(ReadOnlySpan<byte> message)
    {
        _reader = new ProtobufReader(message);
        while (_reader.TryReadField(out int field))
        {
            if (field is >= 8 and <= 13 or 16)
                ReadRepeated(field);
            else
                ReadScalar(field);
            if (_reader.Failure != ProtobufFailure.None)
                MalformedRequestException.Throw(_reader, "Histogram", NameOf(field));
        }

        if (_reader.Failure != ProtobufFailure.None)
            MalformedRequestException.Throw(_reader, "Histogram", null);
    }

    /// <summary>The time in milliseconds since the Unix epoch.</summary>
    public long TimeMs { get; private set; }

    /// <summary>A <see cref="Histogram"/>, or a <see cref="FloatHistogram"/> if the count was given as a float.</summary>
    public object ToModel() => _hasFloatCount ? ToFloatHistogram() : ToHistogram();

    private Histogram ToHistogram() => new()
    {
        CounterResetHint = _resetHint,
        Schema = _schema,
        ZeroThreshold = _zeroThreshold,
        ZeroCount = _zeroCount,
        Count = _count,
        Sum = _sum,
        PositiveSpans = _positiveSpans.ToArray(),
        PositiveBuckets = _positiveDeltas.ToArray(),
        NegativeSpans = _negativeSpans.ToArray(),
        NegativeBuckets = _negativeDeltas.ToArray(),
        CustomValues = _customValues.ToArray(),
    };

    private FloatHistogram ToFloatHistogram() => new()
    {
        CounterResetHint = _resetHint,
        Schema = _schema,
        ZeroThreshold = _zeroThreshold,
        ZeroCount = _floatZeroCount,
        Count = _floatCount,
        Sum = _sum,
        PositiveSpans = _positiveSpans.ToArray(),
        PositiveBuckets = _positiveCounts.ToArray(),
        NegativeSpans = _negativeSpans.ToArray(),
        NegativeBuckets = _negativeCounts.ToArray(),
        CustomValues = _customValues.ToArray(),
    };

    private void ReadScalar(int field)
    {
        switch (field)
        {
            // 1 and 2, as 6 and 7, are a choice of which the last one counts.
            case 1:
                (_count, _floatCount, _hasFloatCount) = (_reader.ReadVarint(), 0, false);
                break;
            case 2:
                (_count, _floatCount, _hasFloatCount) = (0, _reader.ReadDouble(), true);
                break;
            case 3:
                _sum = _reader.ReadDouble();
                break;
            case 4:
                _schema = (int)_reader.ReadZigZag();
                break;
            case 5:
                _zeroThreshold = _reader.ReadDouble();
                break;
            case 6:
                (_zeroCount, _floatZeroCount) = (_reader.ReadVarint(), 0);
                break;
            case 7:
                (_zeroCount, _floatZeroCount) = (0, _reader.ReadDouble());
                break;
            case 14:
                ulong hint = _reader.ReadVarint();
                _resetHint = hint <= (ulong)CounterResetHint.Gauge ? (CounterResetHint)hint : CounterResetHint.Unknown;
                break;
            case 15:
                TimeMs = (long)_reader.ReadVarint();
                break;
            default:
                _reader.Skip();
                break;
        }
    }

    private void ReadRepeated(int field)
    {
        switch (field)
        {
            case 8:
                ReadSpan(ref _negativeSpans);
                break;
            case 9:
                ReadDeltas(ref _negativeDeltas);
                break;
            case 10:
                ReadDoubles(ref _negativeCounts);
                break;
            case 11:
                ReadSpan(ref _positiveSpans);
                break;
            case 12:
                ReadDeltas(ref _positiveDeltas);
                break;
            case 13:
                ReadDoubles(ref _positiveCounts);
                break;
            default:
                ReadDoubles(ref _customValues);
                break;
        }
    }

    private void ReadSpan(ref RepeatedField<HistogramSpan> spans)
    {
        int offset = 0;
        uint length = 0;
        var reader = new ProtobufReader(_reader.ReadBytes());
        while (reader.TryReadField(out int field))
        {
            switch (field)
            {
                case 1:
                    offset = (int)reader.ReadZigZag();
                    break;
                case 2:
                    length = (uint)reader.ReadVarint();
                    break;
                default:
                    reader.Skip();
                    break;
            }

            if (reader.Failure != ProtobufFailure.None)
                MalformedRequestException.Throw(reader, "BucketSpan", field == 1 ? "Offset" : "Length");
        }

        if (reader.Failure != ProtobufFailure.None)
            MalformedRequestException.Throw(reader, "BucketSpan", null);
        spans.Reserve(1);
        spans.Add(new HistogramSpan(offset, length));
    }

    private void ReadDeltas(ref RepeatedField<long> deltas)
    {
        if (_reader.WireType != ProtobufWireType.LengthDelimited)
        {
            deltas.Reserve(1);
            deltas.Add(_reader.ReadZigZag());
            return;
        }

        ReadOnlySpan<byte> packed = _reader.ReadBytes();
        deltas.Reserve(CountVarints(packed));
        var reader = new ProtobufReader(packed);
        while (reader.TryReadPackedVarint(out ulong value))
            deltas.Add(Varint.UnZigZag(value));
        if (reader.Failure != ProtobufFailure.None)
            MalformedRequestException.Throw(reader, "Histogram", null);
    }

    private void ReadDoubles(ref RepeatedField<double> values)
    {
        if (_reader.WireType != ProtobufWireType.LengthDelimited)
        {
            values.Reserve(1);
            values.Add(_reader.ReadDouble());
            return;
        }

        ReadOnlySpan<byte> packed = _reader.ReadBytes();
        values.Reserve(packed.Length / sizeof(double));
        var reader = new ProtobufReader(packed);
        while (reader.TryReadPackedDouble(out double value))
            values.Add(value);
        if (reader.Failure != ProtobufFailure.None)
            MalformedRequestException.Throw(reader, "Histogram", null);
    }

    // Every varint has exactly one byte below 0x80, its last.
    private static int CountVarints(ReadOnlySpan<byte> packed)
    {
        int count = 0;
        foreach (byte b in packed)
            count += b < 0x80 ? 1 : 0;
        return count;
    }

    private static string NameOf(int field) => field switch
    {
        1 => "CountInt",
        2 => "CountFloat",
        3 => "Sum",
        4 => "Schema",
        5 => "ZeroThreshold",
        6 => "ZeroCountInt",
        7 => "ZeroCountFloat",
        8 => "NegativeSpans",
        9 => "NegativeDeltas",
        10 => "NegativeCounts",
        11 => "PositiveSpans",
        12 => "PositiveDeltas",
        13 => "PositiveCounts",
        14 => "ResetHint",
        15 => "Timestamp",
        _ => "CustomValues",
    };
}
