package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.VectorOp.*;

/**
 * x86-64 instructions by their names, operands in Intel's order: what is written comes first.
 *
 * <p>Only what the kernels need. Vector instructions take the VEX form, or the EVEX form where a
 * register above 15, 512 bits or a broadcast asks for it.
 */
class Assembler extends Encoder {
  /** Conditions of a jump, with the low half of its opcode; the unsigned ones are above/below. */
  enum If {
    BELOW(2),
    NOT_BELOW(3),
    EQUAL(4),
    NOT_EQUAL(5),
    LESS(12),
    NOT_LESS(13),
    NOT_GREATER(14),
    GREATER(15);

    private final int code;

    If(int code) {
      this.code = code;
    }
  }

  // General registers.

  void mov(Gpr to, Gpr from) {
    general(true, 0x89, from.ordinal(), to);
  }

  void mov(Gpr to, Mem from) {
    general(true, 0x8b, to.ordinal(), from);
  }

  void mov(Mem to, Gpr from) {
    general(true, 0x89, from.ordinal(), to);
  }

  /** The low 32 bits; the upper ones become 0. */
  void mov32(Gpr to, Mem from) {
    general(false, 0x8b, to.ordinal(), from);
  }

  void mov32(Mem to, Gpr from) {
    general(false, 0x89, from.ordinal(), to);
  }

  /** A constant of 64 bits. */
  void mov(Gpr to, long value) {
    rex(true, 0, 0, to.ordinal());
    put(0xb8 | to.ordinal() & 7);
    putInt((int) value);
    putInt((int) (value >> 32));
  }

  /** A constant; the upper 32 bits become 0. */
  void mov32(Gpr to, int value) {
    rex(false, 0, 0, to.ordinal());
    put(0xb8 | to.ordinal() & 7);
    putInt(value);
  }

  /** One byte, zero-extended. */
  void movzxByte(Gpr to, Mem from) {
    general(false, 0x0fb6, to.ordinal(), from);
  }

  /** Two bytes, zero-extended. */
  void movzxWord(Gpr to, Mem from) {
    general(false, 0x0fb7, to.ordinal(), from);
  }

  void movWord(Mem to, Gpr from) {
    put(0x66);
    general(false, 0x89, from.ordinal(), to);
  }

  void lea(Gpr to, Mem address) {
    general(true, 0x8d, to.ordinal(), address);
  }

  void add(Gpr to, Gpr from) {
    general(true, 0x01, from.ordinal(), to);
  }

  void add(Gpr to, int value) {
    constant(true, 0, to, value);
  }

  void add(Gpr to, Mem from) {
    general(true, 0x03, to.ordinal(), from);
  }

  void sub(Gpr to, Gpr from) {
    general(true, 0x29, from.ordinal(), to);
  }

  void sub(Gpr to, int value) {
    constant(true, 5, to, value);
  }

  void cmp(Gpr a, Gpr b) {
    general(true, 0x39, b.ordinal(), a);
  }

  void cmp(Gpr a, int value) {
    constant(true, 7, a, value);
  }

  void and32(Gpr to, int value) {
    constant(false, 4, to, value);
  }

  void or32(Gpr to, Gpr from) {
    general(false, 0x09, from.ordinal(), to);
  }

  void xor32(Gpr to, Gpr from) {
    general(false, 0x31, from.ordinal(), to);
  }

  void mov32(Gpr to, Gpr from) {
    general(false, 0x89, from.ordinal(), to);
  }

  void shl32(Gpr to, int bits) {
    general(false, 0xc1, 4, to);
    put(bits);
  }

  void shr32(Gpr to, int bits) {
    general(false, 0xc1, 5, to);
    put(bits);
  }

  void imul(Gpr to, Gpr from) {
    general(true, 0x0faf, to.ordinal(), from);
  }

  private void constant(boolean wide, int operation, Gpr to, int value) {
    boolean small = value == (byte) value;
    if (!small && to == Gpr.RAX) { // its own, shorter form, as other assemblers choose it
      rex(wide, 0, 0, 0);
      put(operation << 3 | 5);
      putInt(value);
      return;
    }
    general(wide, small ? 0x83 : 0x81, operation, to);
    if (small) {
      put(value);
    } else {
      putInt(value);
    }
  }

  void push(Gpr from) {
    rex(false, 0, 0, from.ordinal());
    put(0x50 | from.ordinal() & 7);
  }

  void pop(Gpr to) {
    rex(false, 0, 0, to.ordinal());
    put(0x58 | to.ordinal() & 7);
  }

  void jump(If condition, Label target) {
    jump(0x0f80 | condition.code, target);
  }

  void jump(Label target) {
    jump(0xe9, target);
  }

  void ret() {
    put(0xc3);
  }

  void cpuid() {
    put(0x0f);
    put(0xa2);
  }

  void xgetbv() {
    put(0x0f);
    put(0x01);
    put(0xd0);
  }

  void prefetcht0(Mem at) {
    general(false, 0x0f18, 1, at);
  }

  /** To the second cache only: what comes too late for the first. */
  void prefetcht1(Mem at) {
    general(false, 0x0f18, 2, at);
  }

  /** Must come before {@code ret}: dirty upper halves slow the SSE code of others. */
  void vzeroupper() {
    put(0xc5);
    put(0xf8);
    put(0x77);
  }

  // Moves.

  void vmovups(Vec to, Operand from) {
    unary(VMOVUPS, to, from);
  }

  void vmovups(Mem to, Vec from) {
    unary(VMOVUPS_STORE, from, to);
  }

  void vmovdqu(Vec to, Operand from) {
    unary(VMOVDQU, to, from);
  }

  void vmovdqu(Mem to, Vec from) {
    unary(VMOVDQU_STORE, from, to);
  }

  void vmovdqa(Vec to, Operand from) {
    unary(VMOVDQA, to, from);
  }

  void vmovd(Vec to, Gpr from) {
    general(VMOVD, to, 0, from);
  }

  void vmovd(Vec to, Mem from) {
    unary(VMOVD, to, from);
  }

  void vmovd(Mem to, Vec from) {
    unary(VMOVD_STORE, from, to);
  }

  void vmovq(Vec to, Mem from) {
    unary(VMOVQ, to, from);
  }

  void vmovq(Mem to, Vec from) {
    unary(VMOVQ_STORE, from, to);
  }

  void vpinsrw(Vec to, Vec a, Mem word, int place) {
    binary(VPINSRW, to, a, word);
    put(place);
  }

  void vpinsrd(Vec to, Vec a, Mem number, int place) {
    binary(VPINSRD, to, a, number);
    put(place);
  }

  void vinserti128(Vec to, Vec a, Operand half, int place) {
    vector(VINSERTI128, to.width(), to.number(), a.number(), half);
    put(place);
  }

  void vextracti128(Operand to, Vec from, int place) {
    vector(VEXTRACTI128, from.width(), from.number(), 0, to);
    put(place);
  }

  void vperm2i128(Vec to, Vec a, Operand b, int choice) {
    binary(VPERM2I128, to, a, b);
    put(choice);
  }

  void vpblendd(Vec to, Vec a, Operand b, int whichOfB) {
    binary(VPBLENDD, to, a, b);
    put(whichOfB);
  }

  /** In each half: {@code high} and {@code low} side by side, moved down by {@code bytes}. */
  void vpalignr(Vec to, Vec high, Operand low, int bytes) {
    binary(VPALIGNR, to, high, low);
    put(bytes);
  }

  void vpermq(Vec to, Operand from, int choice) {
    unary(VPERMQ, to, from);
    put(choice);
  }

  void vpshufd(Vec to, Operand from, int choice) {
    unary(VPSHUFD, to, from);
    put(choice);
  }

  void vcmpps(Vec to, Vec a, Operand b, int predicate) {
    binary(VCMPPS, to, a, b);
    put(predicate);
  }

  /** {@code b} where the mask has its sign, {@code a} elsewhere. */
  void vblendvps(Vec to, Vec a, Operand b, Vec mask) {
    binary(VBLENDVPS, to, a, b);
    put(mask.number() << 4);
  }

  // Shifts by a constant.

  void vpsrlw(Vec to, Vec from, int bits) {
    shift(VPSHIFTW, 2, to, from, bits);
  }

  void vpsraw(Vec to, Vec from, int bits) {
    shift(VPSHIFTW, 4, to, from, bits);
  }

  void vpsllw(Vec to, Vec from, int bits) {
    shift(VPSHIFTW, 6, to, from, bits);
  }

  void vpsrld(Vec to, Vec from, int bits) {
    shift(VPSHIFTD, 2, to, from, bits);
  }

  void vpsrad(Vec to, Vec from, int bits) {
    shift(VPSHIFTD, 4, to, from, bits);
  }

  void vpslld(Vec to, Vec from, int bits) {
    shift(VPSHIFTD, 6, to, from, bits);
  }

  // One source.

  void vbroadcastss(Vec to, Operand from) {
    unary(VBROADCASTSS, to, from);
  }

  void vpbroadcastd(Vec to, Operand from) {
    unary(VPBROADCASTD, to, from);
  }

  void vpbroadcastw(Vec to, Operand from) {
    unary(VPBROADCASTW, to, from);
  }

  void vpbroadcastb(Vec to, Operand from) {
    unary(VPBROADCASTB, to, from);
  }

  void vbroadcasti128(Vec to, Operand from) {
    unary(VBROADCASTI128, to, from);
  }

  void vcvtdq2ps(Vec to, Operand from) {
    unary(VCVTDQ2PS, to, from);
  }

  void vcvtps2dq(Vec to, Operand from) {
    unary(VCVTPS2DQ, to, from);
  }

  void vcvtph2ps(Vec to, Operand from) {
    unary(VCVTPH2PS, to, from);
  }

  void vpabsb(Vec to, Operand from) {
    unary(VPABSB, to, from);
  }

  void vpmovsxbw(Vec to, Operand from) {
    unary(VPMOVSXBW, to, from);
  }

  void vpmovsxbd(Vec to, Operand from) {
    unary(VPMOVSXBD, to, from);
  }

  void vpmovsxwd(Vec to, Operand from) {
    unary(VPMOVSXWD, to, from);
  }

  void vpmovzxbw(Vec to, Operand from) {
    unary(VPMOVZXBW, to, from);
  }

  void vpmovzxbd(Vec to, Operand from) {
    unary(VPMOVZXBD, to, from);
  }

  void vpmovzxwd(Vec to, Operand from) {
    unary(VPMOVZXWD, to, from);
  }

  // Two sources.

  void vaddps(Vec to, Vec a, Operand b) {
    binary(VADDPS, to, a, b);
  }

  /** Sums of neighbours: of {@code a}, then of {@code b}, within each 128 bits. */
  void vhaddps(Vec to, Vec a, Operand b) {
    binary(VHADDPS, to, a, b);
  }

  void vsubps(Vec to, Vec a, Operand b) {
    binary(VSUBPS, to, a, b);
  }

  void vmulps(Vec to, Vec a, Operand b) {
    binary(VMULPS, to, a, b);
  }

  void vdivps(Vec to, Vec a, Operand b) {
    binary(VDIVPS, to, a, b);
  }

  void vminps(Vec to, Vec a, Operand b) {
    binary(VMINPS, to, a, b);
  }

  void vsqrtps(Vec to, Operand from) {
    unary(VSQRTPS, to, from);
  }

  void vmaxps(Vec to, Vec a, Operand b) {
    binary(VMAXPS, to, a, b);
  }

  void vandps(Vec to, Vec a, Operand b) {
    binary(VANDPS, to, a, b);
  }

  void vxorps(Vec to, Vec a, Operand b) {
    binary(VXORPS, to, a, b);
  }

  void vunpcklps(Vec to, Vec a, Operand b) {
    binary(VUNPCKLPS, to, a, b);
  }

  void vunpckhps(Vec to, Vec a, Operand b) {
    binary(VUNPCKHPS, to, a, b);
  }

  /**
   * Bytes of {@code a}, unsigned, times bytes of {@code b}, signed; neighbours summed to 16 bits,
   * saturating.
   */
  void vpmaddubsw(Vec to, Vec a, Operand b) {
    binary(VPMADDUBSW, to, a, b);
  }

  /** 16-bit numbers times each other, neighbours summed to 32 bits. */
  void vpmaddwd(Vec to, Vec a, Operand b) {
    binary(VPMADDWD, to, a, b);
  }

  void vpaddb(Vec to, Vec a, Operand b) {
    binary(VPADDB, to, a, b);
  }

  void vpaddw(Vec to, Vec a, Operand b) {
    binary(VPADDW, to, a, b);
  }

  void vpaddd(Vec to, Vec a, Operand b) {
    binary(VPADDD, to, a, b);
  }

  void vpsubb(Vec to, Vec a, Operand b) {
    binary(VPSUBB, to, a, b);
  }

  void vpsubw(Vec to, Vec a, Operand b) {
    binary(VPSUBW, to, a, b);
  }

  void vpsubd(Vec to, Vec a, Operand b) {
    binary(VPSUBD, to, a, b);
  }

  void vpmullw(Vec to, Vec a, Operand b) {
    binary(VPMULLW, to, a, b);
  }

  void vpackusdw(Vec to, Vec a, Operand b) {
    binary(VPACKUSDW, to, a, b);
  }

  void vpmulld(Vec to, Vec a, Operand b) {
    binary(VPMULLD, to, a, b);
  }

  void vphaddw(Vec to, Vec a, Operand b) {
    binary(VPHADDW, to, a, b);
  }

  void vphaddd(Vec to, Vec a, Operand b) {
    binary(VPHADDD, to, a, b);
  }

  /** {@code a} with the sign of {@code b}; 0 where {@code b} is. */
  void vpsignb(Vec to, Vec a, Operand b) {
    binary(VPSIGNB, to, a, b);
  }

  void vpand(Vec to, Vec a, Operand b) {
    binary(VPAND, to, a, b);
  }

  void vpor(Vec to, Vec a, Operand b) {
    binary(VPOR, to, a, b);
  }

  void vpxor(Vec to, Vec a, Operand b) {
    binary(VPXOR, to, a, b);
  }

  void vpcmpeqb(Vec to, Vec a, Operand b) {
    binary(VPCMPEQB, to, a, b);
  }

  void vpcmpeqw(Vec to, Vec a, Operand b) {
    binary(VPCMPEQW, to, a, b);
  }

  void vpshufb(Vec to, Vec a, Operand b) {
    binary(VPSHUFB, to, a, b);
  }

  void vpunpckldq(Vec to, Vec a, Operand b) {
    binary(VPUNPCKLDQ, to, a, b);
  }

  void vpunpckhdq(Vec to, Vec a, Operand b) {
    binary(VPUNPCKHDQ, to, a, b);
  }

  void vpunpcklqdq(Vec to, Vec a, Operand b) {
    binary(VPUNPCKLQDQ, to, a, b);
  }

  void vpunpckhqdq(Vec to, Vec a, Operand b) {
    binary(VPUNPCKHQDQ, to, a, b);
  }

  void vpackssdw(Vec to, Vec a, Operand b) {
    binary(VPACKSSDW, to, a, b);
  }

  void vpacksswb(Vec to, Vec a, Operand b) {
    binary(VPACKSSWB, to, a, b);
  }

  void vpermd(Vec to, Vec a, Operand b) {
    binary(VPERMD, to, a, b);
  }

  void vpsrlvd(Vec to, Vec a, Operand b) {
    binary(VPSRLVD, to, a, b);
  }

  void vpsllvd(Vec to, Vec a, Operand b) {
    binary(VPSLLVD, to, a, b);
  }

  // Three sources: the first is added to.

  /** to += a * b, rounded once. */
  void vfmadd231ps(Vec to, Vec a, Operand b) {
    binary(VFMADD231PS, to, a, b);
  }

  /** to = to * a + b, rounded once. */
  void vfmadd213ps(Vec to, Vec a, Operand b) {
    binary(VFMADD213PS, to, a, b);
  }

  /** to += unsigned bytes of {@code a} times signed bytes of {@code b}, four by four (VNNI). */
  void vpdpbusd(Vec to, Vec a, Operand b) {
    binary(VPDPBUSD, to, a, b);
  }

  /** to += 16-bit numbers of {@code a} times those of {@code b}, two by two (VNNI). */
  void vpdpwssd(Vec to, Vec a, Operand b) {
    binary(VPDPWSSD, to, a, b);
  }

  /** to += bfloat16 numbers of {@code a} times those of {@code b}, two by two. */
  void vdpbf16ps(Vec to, Vec a, Operand b) {
    binary(VDPBF16PS, to, a, b);
  }

  private void unary(VectorOp op, Vec reg, Operand rm) {
    vector(op, reg.width(), reg.number(), 0, rm);
  }

  private void binary(VectorOp op, Vec to, Vec a, Operand b) {
    vector(op, to.width(), to.number(), a.number(), b);
  }

  /** A general register in the place of a vector register: both are numbers to the encoding. */
  private void general(VectorOp op, Vec to, int second, Gpr from) {
    vector(op, to.width(), to.number(), second, Vec.xmm(from.ordinal()));
  }

  private void shift(VectorOp op, int direction, Vec to, Vec from, int bits) {
    vector(op, to.width(), direction, to.number(), from);
    put(bits);
  }
}
