package dev.hadal.backend.jit;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Consumer;

/**
 * Machine code with up to six whole numbers or addresses as arguments, which arrive in {@link
 * #ARGUMENTS}. A call costs about 6 ns. The code may use rax, rcx, rdx, rsi, rdi, r8 to r11 and all
 * vector registers freely, must keep the others, and must never wait: the garbage collector waits
 * for it.
 */
final class Routine {
  /** Where the arguments arrive, by the System V calling convention. */
  static final Gpr[] ARGUMENTS = {Gpr.RDI, Gpr.RSI, Gpr.RDX, Gpr.RCX, Gpr.R8, Gpr.R9};

  private static final MethodHandle CALL = handle();

  private final MemorySegment address;
  private final int sizeBytes;

  private Routine(MemorySegment address, int sizeBytes) {
    this.address = address;
    this.sizeBytes = sizeBytes;
  }

  /** Assembles what {@code emitter} writes and places it. */
  static Routine of(ExecutableMemory memory, Consumer<Assembler> emitter) {
    return of(memory, new Assembler(), emitter);
  }

  /** As {@link #of(ExecutableMemory, Consumer)}, by a given assembler. */
  static Routine of(ExecutableMemory memory, Assembler assembler, Consumer<Assembler> emitter) {
    emitter.accept(assembler);
    byte[] code = assembler.toBytes();
    return new Routine(memory.place(code), code.length);
  }

  void call(long a, long b, long c, long d, long e, long f) {
    try {
      CALL.invokeExact(address, a, b, c, d, e, f);
    } catch (Throwable t) {
      throw ExecutableMemory.unexpected(t);
    }
  }

  void call(long a) {
    call(a, 0, 0, 0, 0, 0);
  }

  int sizeBytes() {
    return sizeBytes;
  }

  @SuppressWarnings("restricted") // our own code, which reads six registers and returns nothing
  private static MethodHandle handle() {
    return Linker.nativeLinker()
        .downcallHandle(
            FunctionDescriptor.ofVoid(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            Linker.Option.critical(false));
  }
}
