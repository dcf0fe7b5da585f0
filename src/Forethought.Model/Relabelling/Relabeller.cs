using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Forethought.Regex;

namespace Forethought.Model;

/// <summary>
/// Applies a list of relabelling rules to label sets, as Prometheus does (model/relabel). Compiled once; immutable and safe to
/// share between threads, since all state is in the builder that is worked on.
/// </summary>
public sealed class Relabeller
{
    private readonly Rule[] _rules;

    /// <summary>Compiles rules.</summary>
    /// <exception cref="ArgumentException">A rule is invalid; the message is what <see cref="RelabelRule.Validate"/> says.</exception>
    /// <exception cref="Re2SyntaxException">A pattern is not valid RE2.</exception>
    public Relabeller(IEnumerable<RelabelRule> rules, NameValidation validation = NameValidation.Utf8)
    {
        _rules = [.. rules.Select(rule => new Rule(rule, validation))];
    }

    /// <summary>The relabeller without rules.</summary>
    public static Relabeller None { get; } = new([]);

    /// <summary>Whether there is no rule, so that applying it changes nothing.</summary>
    public bool IsEmpty => _rules.Length == 0;

    /// <summary>Applies the rules in order; false when a rule drops the set, whose builder is then in an undefined state.</summary>
    public bool Apply(LabelsBuilder labels)
    {
        foreach (Rule rule in _rules)
        {
            if (!rule.Apply(labels))
                return false;
        }

        return true;
    }

    private sealed class Rule
    {
        private readonly RelabelAction _action;
        private readonly byte[][] _sources;
        private readonly byte[] _separator;
        private readonly byte[] _target;
        private readonly byte[] _replacement;
        private readonly ulong _modulus;
        private readonly NameValidation _validation;
        private readonly Re2Regex _pattern;
        private readonly bool _setsConstant;

        public Rule(RelabelRule rule, NameValidation validation)
        {
            if (rule.Validate(validation) is { } error)
                throw new ArgumentException(error);
            string pattern = rule.Pattern ?? RelabelRule.DefaultPattern;
            _action = rule.Action;
            _sources = [.. (rule.SourceLabels ?? []).Select(System.Text.Encoding.UTF8.GetBytes)];
            _separator = System.Text.Encoding.UTF8.GetBytes(rule.Separator);
            _target = System.Text.Encoding.UTF8.GetBytes(rule.TargetLabel);
            _replacement = System.Text.Encoding.UTF8.GetBytes(rule.Replacement);
            _modulus = rule.Modulus;
            _validation = validation;
            _pattern = Re2Regex.CompileAnchored(pattern);
            _setsConstant = rule.Pattern is null && !_target.Contains((byte)'$') && !_replacement.Contains((byte)'$');
        }

        public bool Apply(LabelsBuilder labels)
        {
            switch (_action)
            {
                case RelabelAction.LabelMap:
                    MapNames(labels);
                    return true;
                case RelabelAction.LabelDrop or RelabelAction.LabelKeep:
                    RemoveNames(labels, whenMatching: _action == RelabelAction.LabelDrop);
                    return true;
            }

            if (_sources.Length == 1)
                return ApplyTo(labels, labels.Get(_sources[0]));
            using var joined = new PooledBytes();
            for (int i = 0; i < _sources.Length; i++)
            {
                if (i > 0)
                    joined.Write(_separator);
                joined.Write(labels.Get(_sources[i]));
            }

            return ApplyTo(labels, joined.Written);
        }

        private bool ApplyTo(LabelsBuilder labels, ReadOnlySpan<byte> value)
        {
            switch (_action)
            {
                case RelabelAction.Keep: return _pattern.IsMatch(value);
                case RelabelAction.Drop: return !_pattern.IsMatch(value);
                case RelabelAction.KeepEqual: return labels.Get(_target).SequenceEqual(value);
                case RelabelAction.DropEqual: return !labels.Get(_target).SequenceEqual(value);
                case RelabelAction.HashMod: SetHash(labels, value); break;
                case RelabelAction.Lowercase: SetCase(labels, value, lower: true); break;
                case RelabelAction.Uppercase: SetCase(labels, value, lower: false); break;
                default: Replace(labels, value); break;
            }

            return true;
        }

        private void Replace(LabelsBuilder labels, ReadOnlySpan<byte> value)
        {
            if (_setsConstant && value.IsEmpty)
            {
                labels.Set(_target, _replacement);
                return;
            }

            Span<int> captures = _pattern.CaptureLength <= 64 ? stackalloc int[_pattern.CaptureLength] : new int[_pattern.CaptureLength];
            if (!_pattern.TryMatch(value, captures))
                return;
            using var target = new PooledBytes();
            _pattern.Expand(_target, value, captures, target);
            if (!MetricNames.IsValidLabelName(target.Written, _validation))
                return;
            using var replacement = new PooledBytes();
            _pattern.Expand(_replacement, value, captures, replacement);
            labels.Set(target.Written, replacement.Written);
        }

        // Only the last 8 bytes of the MD5 count: Prometheus keeps it so for the sake of its own first version.
        private void SetHash(LabelsBuilder labels, ReadOnlySpan<byte> value)
        {
            Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
#pragma warning disable CA5351 // The algorithm is given by the configuration's meaning; nothing is protected by it.
            MD5.HashData(value, hash);
#pragma warning restore CA5351
            ulong remainder = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]) % _modulus;
            Span<byte> digits = stackalloc byte[20];
            remainder.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
            labels.Set(_target, digits[..length]);
        }

        // Three letters are mapped by Go and not by the runtime: dotted and dotless i, and long s.
        private void SetCase(LabelsBuilder labels, ReadOnlySpan<byte> value, bool lower)
        {
            string text = System.Text.Encoding.UTF8.GetString(value);
#pragma warning disable CA1308 // Lower case is what the rule asks for.
            text = lower
                ? text.Replace('\u0130', 'i').ToLowerInvariant()
                : text.Replace('\u0131', 'I').Replace('\u017F', 'S').ToUpperInvariant();
#pragma warning restore CA1308
            labels.Set(_target, System.Text.Encoding.UTF8.GetBytes(text));
        }

        // The set is walked as it was: labels that the rule itself writes are not looked at.
        private void MapNames(LabelsBuilder labels)
        {
            Labels before = labels.ToLabels();
            foreach (Label label in before)
            {
                if (!_pattern.IsMatch(label.Name))
                    continue;
                using var name = new PooledBytes();
                _pattern.ReplaceAll(label.Name, _replacement, name);
                labels.Set(name.Written, label.Value);
            }
        }

        private void RemoveNames(LabelsBuilder labels, bool whenMatching)
        {
            for (int i = 0; i < labels.Slots; i++)
            {
                Label label = labels.At(i);
                if (_pattern.IsMatch(label.Name) == whenMatching)
                    labels.Remove(label.Name);
            }
        }
    }

    private sealed class PooledBytes : IBufferWriter<byte>, IDisposable
    {
        private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256);
        private int _length;

        public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

        public void Write(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(GetSpan(bytes.Length));
            _length += bytes.Length;
        }

        public void Advance(int count) => _length += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            Grow(sizeHint);
            return _buffer.AsMemory(_length);
        }

        public Span<byte> GetSpan(int sizeHint = 0)
        {
            Grow(sizeHint);
            return _buffer.AsSpan(_length);
        }

        public void Dispose()
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        private void Grow(int sizeHint)
        {
            if (_buffer.Length - _length >= Math.Max(sizeHint, 1))
                return;
            byte[] grown = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _length + sizeHint));
            Written.CopyTo(grown);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = grown;
        }
    }
}
