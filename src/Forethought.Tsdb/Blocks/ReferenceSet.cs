using System.Numerics;

namespace Forethought.Tsdb.Blocks;

/// <summary>
/// A set of series references of a block as bits: the union of many postings lists. Takes a 128th of the size that the series have in
/// the index. For one query and one thread.
/// </summary>
internal sealed class ReferenceSet(BlockIndex index)
{
    private const int BitsPerWord = 64;

    private readonly uint _first = index.FirstReference;
    private readonly ulong[] _words = new ulong[(index.LastReference - index.FirstReference) / BitsPerWord + 1];

    /// <summary>Adds all references of a list.</summary>
    /// <exception cref="TsdbCorruptionException">One of them is of no series.</exception>
    public void Add(BlockPostings postings)
    {
        for (int i = 0; i < postings.Count; i++)
        {
            uint place = postings[i] - _first;
            if (place / BitsPerWord >= (uint)_words.Length)
                throw index.Damage($"series reference {postings[i]} is out of range", $"{_first} to {index.LastReference}", $"{postings[i]}");
            _words[place / BitsPerWord] |= 1UL << (int)(place % BitsPerWord);
        }
    }

    /// <summary>Whether a reference is in the set.</summary>
    public bool Contains(uint reference)
    {
        uint place = reference - _first;
        return place / BitsPerWord < (uint)_words.Length && (_words[place / BitsPerWord] >> (int)(place % BitsPerWord) & 1) != 0;
    }

    /// <summary>Appends all references in ascending order.</summary>
    public void CopyTo(List<uint> references)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            for (ulong rest = _words[i]; rest != 0; rest &= rest - 1)
                references.Add(_first + (uint)(i * BitsPerWord + BitOperations.TrailingZeroCount(rest)));
        }
    }
}
