package dev.hadal.backend.jit;

import java.util.Arrays;

/**
 * Bytes of x86-64 instructions: prefixes, ModRM, SIB, offsets, jumps. {@link Assembler} gives them
 * their names.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2 (REX
 * 2.2, VEX 2.3, EVEX 2.7).
 */
class Encoder {
  private byte[] code = new byte[1024];
  private int size;
  private boolean evexDotProducts;

  /** The code so far; every label must be bound by now. */
  byte[] toBytes() {
    return Arrays.copyOf(code, size);
  }

  int size() {
    return size;
  }

  /** Puts a label here and completes the jumps that wait for it. */
  void bind(Label label) {
    label.bind(size);
    for (int at : label.waiting()) {
      setInt(at, size - (at + 4));
    }
  }

  /** A jump with a 4-byte distance. */
  void jump(int opcode, Label target) {
    if (opcode > 0xff) {
      put(opcode >> 8);
    }
    put(opcode);
    int at = size;
    putInt(0);
    if (target.isBound()) {
      setInt(at, target.position() - size);
    } else {
      target.waiting().add(at);
    }
  }

  void put(int value) {
    if (size == code.length) {
      code = Arrays.copyOf(code, 2 * size);
    }
    code[size++] = (byte) value;
  }

  void putInt(int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      put(value >> shift);
    }
  }

  private void setInt(int at, int value) {
    for (int i = 0; i < 4; i++) {
      code[at + i] = (byte) (value >> 8 * i);
    }
  }

  /** A general instruction on two registers: {@code rm} is what ModRM's last field names. */
  void general(boolean wide, int opcode, int reg, Gpr rm) {
    rex(wide, reg, 0, rm.ordinal());
    opcode(opcode);
    put(0xc0 | (reg & 7) << 3 | rm.ordinal() & 7);
  }

  void general(boolean wide, int opcode, int reg, Mem rm) {
    rex(wide, reg, indexNumber(rm), rm.base().ordinal());
    opcode(opcode);
    memory(reg, rm, 1);
  }

  private void opcode(int opcode) {
    if (opcode > 0xff) {
      put(opcode >> 8);
    }
    put(opcode);
  }

  void rex(boolean wide, int reg, int index, int base) {
    int rex = (wide ? 8 : 0) | (reg >> 3 & 1) << 2 | (index >> 3 & 1) << 1 | base >> 3 & 1;
    if (rex != 0) {
      put(0x40 | rex);
    }
  }

  /** From here on vpdpbusd takes its EVEX form: AVX-512 processors may lack the VEX one. */
  void dotProductsByEvex() {
    evexDotProducts = true;
  }

  /** A vector instruction; EVEX where VEX can't say it. */
  void vector(VectorOp op, Vec.Width width, int reg, int second, Operand rm) {
    boolean broadcast = rm instanceof Mem mem && mem.broadcast();
    int highest = Math.max(Math.max(reg, second), rm instanceof Vec vec ? vec.number() : 0);
    boolean needed = width == Vec.Width.ZMM || broadcast || highest > 15;
    if (needed || evexDotProducts && op == VectorOp.VPDPBUSD) {
      evex(op, width, reg, second, rm, broadcast);
    } else {
      vex(op, width, reg, second, rm);
    }
  }

  private void vex(VectorOp op, Vec.Width width, int reg, int second, Operand rm) {
    int r = ~reg >> 3 & 1;
    int x = rm instanceof Mem mem ? ~indexNumber(mem) >> 3 & 1 : 1;
    int b = ~rmNumber(rm) >> 3 & 1;
    int tail = (~second & 15) << 3 | (width == Vec.Width.YMM ? 4 : 0) | op.prefix;
    if (x == 1 && b == 1 && op.w == 0 && op.map == 1) {
      put(0xc5);
      put(r << 7 | tail);
    } else {
      put(0xc4);
      put(r << 7 | x << 6 | b << 5 | op.map);
      put(op.w << 7 | tail);
    }
    put(op.opcode);
    modRm(reg, rm, 1);
  }

  private void evex(
      VectorOp op, Vec.Width width, int reg, int second, Operand rm, boolean broadcast) {
    int r = ~reg >> 3 & 1;
    int highR = ~reg >> 4 & 1;
    int x = rm instanceof Mem mem ? ~indexNumber(mem) >> 3 & 1 : ~rmNumber(rm) >> 4 & 1;
    int b = ~rmNumber(rm) >> 3 & 1;
    put(0x62);
    put(r << 7 | x << 6 | b << 5 | highR << 4 | op.map);
    put(op.w << 7 | (~second & 15) << 3 | 4 | op.prefix);
    put(width.ordinal() << 5 | (broadcast ? 1 : 0) << 4 | (~second >> 4 & 1) << 3);
    put(op.opcode);
    modRm(reg, rm, op.offsetUnit(width, broadcast));
  }

  private void modRm(int reg, Operand rm, int offsetUnit) {
    switch (rm) {
      case Vec vec -> put(0xc0 | (reg & 7) << 3 | vec.number() & 7);
      case Mem mem -> memory(reg, mem, offsetUnit);
    }
  }

  private void memory(int reg, Mem mem, int offsetUnit) {
    int base = mem.base().ordinal();
    Gpr index = mem.index();
    boolean sib = index != null || (base & 7) == 4; // rsp and r12 have no form without
    boolean small =
        mem.offset() % offsetUnit == 0
            && mem.offset() / offsetUnit == (byte) (mem.offset() / offsetUnit);
    int mode = mem.offset() == 0 && (base & 7) != 5 ? 0 : small ? 1 : 2; // rbp, r13 need an offset
    put(mode << 6 | (reg & 7) << 3 | (sib ? 4 : base & 7));
    if (sib) {
      int scale = Integer.numberOfTrailingZeros(mem.scale());
      put(scale << 6 | (index == null ? 4 : index.ordinal() & 7) << 3 | base & 7);
    }
    if (mode == 1) {
      put(mem.offset() / offsetUnit);
    } else if (mode == 2) {
      putInt(mem.offset());
    }
  }

  private static int rmNumber(Operand rm) {
    return switch (rm) {
      case Vec vec -> vec.number();
      case Mem mem -> mem.base().ordinal();
    };
  }

  private static int indexNumber(Mem mem) {
    Gpr index = mem.index();
    return index == null ? 0 : index.ordinal();
  }
}
