package dev.hadal.backend.jit;

/** What a vector instruction's last source may be: a register or memory. */
sealed interface Operand permits Vec, Mem {}
