/**
 * Machine code assembled at run time: an x86-64 assembler, memory that is writable or executable
 * but never both, and the matrix kernels that plain Java can't express. No native build, no native
 * library; where the processor or the system does not allow it, {@code simd} serves.
 */
@NullMarked
package dev.hadal.backend.jit;

import org.jspecify.annotations.NullMarked;
