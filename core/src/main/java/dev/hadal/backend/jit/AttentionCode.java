package dev.hadal.backend.jit;

/**
 * {@link AttentionKernel} for one size of keys and values.
 *
 * @param halves for those in F16
 * @param floats for those in F32
 */
record AttentionCode(int keyDim, int valueDim, Routine halves, Routine floats, long constants) {

  /** Whether there is code for such sizes. */
  static boolean takes(int keyDim, int valueDim) {
    return keyDim > 0 && valueDim > 0 && keyDim % 8 == 0 && valueDim % 8 == 0;
  }

  static AttentionCode of(ExecutableMemory memory, int keyDim, int valueDim, long constants) {
    return new AttentionCode(
        keyDim,
        valueDim,
        Routine.of(memory, new AttentionKernel(keyDim, valueDim, true)::emit),
        Routine.of(memory, new AttentionKernel(keyDim, valueDim, false)::emit),
        constants);
  }

  void call(Routine routine, long call) {
    routine.call(call, 0, 0, 0, 0, constants);
  }
}
