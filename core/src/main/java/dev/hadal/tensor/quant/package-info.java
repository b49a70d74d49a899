/**
 * How each storage type turns into numbers and back: one {@link dev.hadal.tensor.quant.BlockCodec}
 * a type, chosen by {@link dev.hadal.tensor.quant.Quants}. The scalar code here defines the
 * formats; faster readers in the back ends must agree with it.
 */
@NullMarked
package dev.hadal.tensor.quant;

import org.jspecify.annotations.NullMarked;
