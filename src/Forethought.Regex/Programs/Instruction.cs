namespace Forethought.Regex.Programs;

/// <summary>An instruction of a program; see <see cref="Opcode"/> for the argument.</summary>
internal readonly record struct Instruction(Opcode Opcode, int Next, int Argument);
