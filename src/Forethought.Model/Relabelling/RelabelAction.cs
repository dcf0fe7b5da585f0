namespace Forethought.Model;

/// <summary>What a relabelling rule does; the names in lower case are those of the configuration.</summary>
public enum RelabelAction
{
    /// <summary>Matches the joined source labels and writes the expanded replacement to the expanded target label.</summary>
    Replace,

    /// <summary>Keeps the target only if the joined source labels match.</summary>
    Keep,

    /// <summary>Drops the target if the joined source labels match.</summary>
    Drop,

    /// <summary>Keeps the target only if the joined source labels equal the target label.</summary>
    KeepEqual,

    /// <summary>Drops the target if the joined source labels equal the target label.</summary>
    DropEqual,

    /// <summary>Writes a hash of the joined source labels, modulo the modulus, to the target label.</summary>
    HashMod,

    /// <summary>Copies each label whose name matches to the expanded replacement.</summary>
    LabelMap,

    /// <summary>Removes labels whose name matches.</summary>
    LabelDrop,

    /// <summary>Removes labels whose name does not match.</summary>
    LabelKeep,

    /// <summary>Writes the joined source labels in lower case to the target label.</summary>
    Lowercase,

    /// <summary>Writes the joined source labels in upper case to the target label.</summary>
    Uppercase,
}
