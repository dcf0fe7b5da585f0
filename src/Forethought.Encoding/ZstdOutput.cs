namespace Forethought.Encoding;

/// <summary>The bytes that a zstd decoder has produced, in a buffer that grows up to a limit. Not thread-safe.</summary>
internal sealed class ZstdOutput
{
    private byte[] _buffer = [];
    private int _limit;
    private int _frameStart;
    private int _blockLimit;

    /// <summary>The number of bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the limit was met; decoding then ended with an exception.</summary>
    public bool IsOverLimit { get; private set; }

    /// <summary>The bytes, valid until the next <see cref="Start"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>What the current frame has given.</summary>
    public ReadOnlySpan<byte> Frame => _buffer.AsSpan(_frameStart, Length - _frameStart);

    public void Start(int limit)
    {
        _limit = limit;
        Length = 0;
        IsOverLimit = false;
    }

    public void StartFrame() => _frameStart = Length;

    public void StartBlock() => _blockLimit = (int)Math.Min((long)Length + ZstdDecoder.MaxBlockSize, int.MaxValue);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    public void AppendRun(byte value, int count)
    {
        Reserve(count);
        _buffer.AsSpan(Length, count).Fill(value);
        Length += count;
    }

    /// <summary>Repeats bytes of the frame from <paramref name="offset"/> back on; the two places may overlap.</summary>
    /// <exception cref="InvalidDataException">The frame has not so many bytes.</exception>
    public void Repeat(uint offset, int count)
    {
        if (offset == 0 || offset > (uint)(Length - _frameStart))
            throw new InvalidDataException("a match before the start of the frame");
        Reserve(count);
        int from = Length - (int)offset;
        int distance = (int)offset;
        Span<byte> rest = _buffer.AsSpan(from, distance + count);
        for (int done = 0; done < count;)
        {
            // What was written doubles the distance that can be copied at once.
            int part = Math.Min(distance + done, count - done);
            rest[..part].CopyTo(rest[(distance + done)..]);
            done += part;
        }

        Length += count;
    }

    private void Reserve(int count)
    {
        int needed = Length + count;
        if (needed > _blockLimit || needed < 0)
            throw new InvalidDataException("a block of more than 128 KiB");
        if (needed > _limit)
        {
            IsOverLimit = true;
            throw new InvalidDataException("more than the caller allows");
        }

        if (needed > _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Min(Math.Max(needed, 2L * _buffer.Length), _limit));
    }
}
