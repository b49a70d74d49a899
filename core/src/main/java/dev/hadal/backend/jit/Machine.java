package dev.hadal.backend.jit;

import dev.hadal.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * This processor as a target: its features, and the code made for it so far. Code is assembled and
 * tried on a small case when its storage type is first met; if the numbers are wrong, the type is
 * left to plain Java, and said so once. Owned by one thread.
 */
final class Machine implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Machine.class.getName());

  private final ExecutableMemory memory = new ExecutableMemory();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment constants = Constants.allocate(arena);
  private final CpuFeatures features = CpuFeatures.detect(memory);
  private final Map<DType, TypeKernels> kernels = new EnumMap<>(DType.class);
  private final Set<DType> without = EnumSet.noneOf(DType.class);
  private final Set<Isa> allowed;

  /** With the instruction sets that {@link Isa#proven()} vouches for. */
  Machine() {
    this(Isa.proven());
  }

  /**
   * @param allowed the instruction sets to use where the processor has them
   */
  Machine(Set<Isa> allowed) {
    this.allowed = allowed;
  }

  /** Why there is no machine code here, as one sentence with the remedy; empty when there is. */
  static Optional<String> unavailable() {
    Optional<String> noMemory = ExecutableMemory.unavailable();
    if (noMemory.isPresent()) {
      return noMemory;
    }
    try (ExecutableMemory memory = new ExecutableMemory()) {
      return CpuFeatures.detect(memory).avx2()
          ? Optional.empty()
          : Optional.of("machine code is made for processors with AVX2, this one has none");
    }
  }

  /** Whether the best instruction set that this processor has is not proven yet. */
  static boolean hasUnproven() {
    try (ExecutableMemory memory = new ExecutableMemory()) {
      CpuFeatures features = CpuFeatures.detect(memory);
      return Arrays.stream(Isa.values())
          .filter(isa -> isa.availableOn(features))
          .findFirst()
          .filter(isa -> !Isa.proven().contains(isa))
          .isPresent();
    }
  }

  /** The processor's features, for people; none where there is no machine code to ask for them. */
  static List<String> availableFeatures() {
    if (ExecutableMemory.unavailable().isPresent()) {
      return List.of();
    }
    try (ExecutableMemory memory = new ExecutableMemory()) {
      return CpuFeatures.detect(memory).names();
    }
  }

  /** The processor's features, for people. */
  List<String> featureNames() {
    return features.names();
  }

  /** Code for rows of {@code type}, or null where there is none. */
  @Nullable TypeKernels kernels(DType type) {
    if (without.contains(type)) {
      return null;
    }
    TypeKernels known = kernels.get(type);
    return known == null ? make(type) : known;
  }

  /** The code for the best instruction set on which it gives the right numbers. */
  private @Nullable TypeKernels make(DType type) {
    for (Isa isa : Isa.values()) {
      Recipe recipe = Recipe.of(type, isa);
      if (recipe != null && allowed.contains(isa) && isa.availableOn(features)) {
        TypeKernels made = new TypeKernels(memory, recipe, constants);
        Optional<String> wrong = SelfTest.run(made);
        if (wrong.isEmpty()) {
          kernels.put(type, made);
          return made;
        }
        LOG.log(System.Logger.Level.WARNING, wrong.get());
      }
    }
    without.add(type);
    return null;
  }

  ElementwiseCode elementwise() {
    return new ElementwiseCode(memory, constants.address());
  }

  /** Code for attention to keys and values of such sizes, or null where there is none. */
  @Nullable AttentionCode attention(int keyDim, int valueDim) {
    if (!AttentionCode.takes(keyDim, valueDim)) {
      return null;
    }
    AttentionCode made = AttentionCode.of(memory, keyDim, valueDim, constants.address());
    Optional<String> wrong = AttentionTrial.run(made);
    if (wrong.isPresent()) {
      LOG.log(System.Logger.Level.WARNING, wrong.get());
      return null;
    }
    return made;
  }

  @Override
  public void close() {
    memory.close();
    arena.close();
  }
}
