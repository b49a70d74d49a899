package dev.hadal.tensor.quant;

import dev.hadal.tensor.DType;
import java.lang.foreign.MemorySegment;

/**
 * Reads and writes one storage type, whole blocks at a time. Stateless, safe from any thread.
 *
 * <p>Codecs trust their arguments: {@link Quants} and {@link Dequant} check them once at the door.
 */
public interface BlockCodec {
  /** The type this codec reads and writes. */
  DType type();

  /**
   * Turns {@code count} numbers, whole blocks of them, into floats.
   *
   * @param srcOffset bytes into {@code src} where the first block begins
   */
  void decode(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count);

  /**
   * Writes {@code count} numbers, whole blocks of them, each as near as the type's search finds.
   *
   * @param dstOffset bytes into {@code dst} where the first block goes
   */
  void encode(float[] src, int srcOffset, int count, MemorySegment dst, long dstOffset);
}
