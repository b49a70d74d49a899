package dev.hadal.backend.jit;

/**
 * The vector instructions we use, as the manual's opcode tables list them: map, prefix, W, opcode,
 * and how the 8-bit offset of the EVEX form is scaled.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
 */
enum VectorOp {
  VMOVUPS(1, 0, 0, 0x10, Tuple.FULL),
  VMOVUPS_STORE(1, 0, 0, 0x11, Tuple.FULL),
  VMOVDQU(1, 2, 0, 0x6f, Tuple.FULL), // vmovdqu32 in EVEX form
  VMOVDQU_STORE(1, 2, 0, 0x7f, Tuple.FULL),
  VMOVDQA(1, 1, 0, 0x6f, Tuple.FULL), // vmovdqa32 in EVEX form
  VMOVD(1, 1, 0, 0x6e, Tuple.SCALAR),
  VMOVD_STORE(1, 1, 0, 0x7e, Tuple.SCALAR),
  VMOVQ(1, 2, 0, 0x7e, Tuple.NONE),
  VMOVQ_STORE(1, 1, 0, 0xd6, Tuple.NONE),
  VBROADCASTSS(2, 1, 0, 0x18, Tuple.SCALAR),
  VPBROADCASTD(2, 1, 0, 0x58, Tuple.SCALAR),
  VPBROADCASTW(2, 1, 0, 0x79, Tuple.NONE),
  VPBROADCASTB(2, 1, 0, 0x78, Tuple.NONE),
  VBROADCASTI128(2, 1, 0, 0x5a, Tuple.NONE),
  VINSERTI128(3, 1, 0, 0x38, Tuple.NONE),
  VEXTRACTI128(3, 1, 0, 0x39, Tuple.NONE),
  VPERM2I128(3, 1, 0, 0x46, Tuple.NONE),
  VPBLENDD(3, 1, 0, 0x02, Tuple.NONE),
  VPALIGNR(3, 1, 0, 0x0f, Tuple.NONE),
  VPERMD(2, 1, 0, 0x36, Tuple.NONE),
  VPERMQ(3, 1, 1, 0x00, Tuple.NONE),
  VPINSRW(1, 1, 0, 0xc4, Tuple.NONE),
  VPINSRD(3, 1, 0, 0x22, Tuple.NONE),
  VFMADD231PS(2, 1, 0, 0xb8, Tuple.FULL),
  VFMADD213PS(2, 1, 0, 0xa8, Tuple.FULL),
  VADDPS(1, 0, 0, 0x58, Tuple.FULL),
  VHADDPS(1, 3, 0, 0x7c, Tuple.NONE),
  VSUBPS(1, 0, 0, 0x5c, Tuple.FULL),
  VMULPS(1, 0, 0, 0x59, Tuple.FULL),
  VDIVPS(1, 0, 0, 0x5e, Tuple.FULL),
  VMAXPS(1, 0, 0, 0x5f, Tuple.FULL),
  VMINPS(1, 0, 0, 0x5d, Tuple.NONE),
  VSQRTPS(1, 0, 0, 0x51, Tuple.NONE),
  VANDPS(1, 0, 0, 0x54, Tuple.NONE),
  VXORPS(1, 0, 0, 0x57, Tuple.NONE),
  VCMPPS(1, 0, 0, 0xc2, Tuple.NONE),
  VBLENDVPS(3, 1, 0, 0x4a, Tuple.NONE),
  VCVTDQ2PS(1, 0, 0, 0x5b, Tuple.FULL),
  VCVTPS2DQ(1, 1, 0, 0x5b, Tuple.FULL),
  VCVTPH2PS(2, 1, 0, 0x13, Tuple.HALF),
  VUNPCKLPS(1, 0, 0, 0x14, Tuple.NONE),
  VUNPCKHPS(1, 0, 0, 0x15, Tuple.NONE),
  VPMADDUBSW(2, 1, 0, 0x04, Tuple.NONE),
  VPMADDWD(1, 1, 0, 0xf5, Tuple.NONE),
  VPADDB(1, 1, 0, 0xfc, Tuple.NONE),
  VPADDW(1, 1, 0, 0xfd, Tuple.NONE),
  VPADDD(1, 1, 0, 0xfe, Tuple.FULL),
  VPSUBB(1, 1, 0, 0xf8, Tuple.NONE),
  VPSUBW(1, 1, 0, 0xf9, Tuple.NONE),
  VPSUBD(1, 1, 0, 0xfa, Tuple.FULL),
  VPMULLW(1, 1, 0, 0xd5, Tuple.NONE),
  VPACKUSDW(2, 1, 0, 0x2b, Tuple.NONE),
  VPMULLD(2, 1, 0, 0x40, Tuple.FULL),
  VPHADDW(2, 1, 0, 0x01, Tuple.NONE),
  VPHADDD(2, 1, 0, 0x02, Tuple.NONE),
  VPSIGNB(2, 1, 0, 0x08, Tuple.NONE),
  VPABSB(2, 1, 0, 0x1c, Tuple.NONE),
  VPAND(1, 1, 0, 0xdb, Tuple.FULL), // vpandd in EVEX form, and so on
  VPOR(1, 1, 0, 0xeb, Tuple.FULL),
  VPXOR(1, 1, 0, 0xef, Tuple.FULL),
  VPCMPEQB(1, 1, 0, 0x74, Tuple.NONE),
  VPCMPEQW(1, 1, 0, 0x75, Tuple.NONE),
  VPSHUFB(2, 1, 0, 0x00, Tuple.NONE),
  VPSHUFD(1, 1, 0, 0x70, Tuple.NONE),
  VPUNPCKLDQ(1, 1, 0, 0x62, Tuple.NONE),
  VPUNPCKHDQ(1, 1, 0, 0x6a, Tuple.NONE),
  VPUNPCKLQDQ(1, 1, 0, 0x6c, Tuple.NONE),
  VPUNPCKHQDQ(1, 1, 0, 0x6d, Tuple.NONE),
  VPACKSSDW(1, 1, 0, 0x6b, Tuple.NONE),
  VPACKSSWB(1, 1, 0, 0x63, Tuple.NONE),
  VPMOVSXBW(2, 1, 0, 0x20, Tuple.HALF),
  VPMOVSXBD(2, 1, 0, 0x21, Tuple.QUARTER),
  VPMOVSXWD(2, 1, 0, 0x23, Tuple.HALF),
  VPMOVZXBW(2, 1, 0, 0x30, Tuple.HALF),
  VPMOVZXBD(2, 1, 0, 0x31, Tuple.QUARTER),
  VPMOVZXWD(2, 1, 0, 0x33, Tuple.HALF),
  VPSRLVD(2, 1, 0, 0x45, Tuple.NONE),
  VPSLLVD(2, 1, 0, 0x47, Tuple.NONE),
  VPSHIFTW(1, 1, 0, 0x71, Tuple.NONE), // by a constant; the first operand's field says which way
  VPSHIFTD(1, 1, 0, 0x72, Tuple.NONE),
  VPDPBUSD(2, 1, 0, 0x50, Tuple.FULL),
  VPDPWSSD(2, 1, 0, 0x52, Tuple.FULL),
  VDPBF16PS(2, 2, 0, 0x52, Tuple.FULL);

  /** What the EVEX form counts 8-bit offsets in. */
  enum Tuple {
    /** The whole vector; one number where it is broadcast. */
    FULL,
    /** Half of the vector's bytes. */
    HALF,
    /** A quarter of them. */
    QUARTER,
    /** One number of 4 bytes. */
    SCALAR,
    /** We use no EVEX form. */
    NONE
  }

  final int map; // 1 = 0F, 2 = 0F 38, 3 = 0F 3A
  final int prefix; // 0 none, 1 = 66, 2 = F3, 3 = F2
  final int w;
  final int opcode;
  final Tuple tuple;

  VectorOp(int map, int prefix, int w, int opcode, Tuple tuple) {
    this.map = map;
    this.prefix = prefix;
    this.w = w;
    this.opcode = opcode;
    this.tuple = tuple;
  }

  /** Bytes an 8-bit offset of the EVEX form counts in. */
  int offsetUnit(Vec.Width width, boolean broadcast) {
    return switch (tuple) {
      case FULL -> broadcast ? Integer.BYTES : width.bytes();
      case HALF -> width.bytes() / 2;
      case QUARTER -> width.bytes() / 4;
      case SCALAR -> Integer.BYTES;
      case NONE -> throw new IllegalArgumentException(this + " has no EVEX form here");
    };
  }
}
