package dev.hadal.backend.jit;

import static dev.hadal.backend.jit.Gpr.*;
import static dev.hadal.backend.jit.Mem.at;
import static dev.hadal.backend.jit.Vec.xmm;
import static dev.hadal.backend.jit.Vec.ymm;
import static dev.hadal.backend.jit.Vec.zmm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Byte by byte: the expected encodings are GNU as's, which follow the manual. */
final class AssemblerTest {
  /** An instruction and its bytes. */
  record Code(String bytes, Consumer<Assembler> instruction) {
    @Override
    public String toString() {
      return bytes;
    }
  }

  static final List<Code> codes =
      List.of(
          code("48 89 f8", a -> a.mov(RAX, RDI)),
          code("4d 89 cc", a -> a.mov(R12, R9)),
          code("48 8b 07", a -> a.mov(RAX, at(RDI))),
          code("4d 8b 6d 00", a -> a.mov(R13, at(R13))),
          code("48 8b 64 24 08", a -> a.mov(RSP, at(RSP, 8))),
          code("49 8b 54 24 08", a -> a.mov(RDX, at(R12, 8))),
          code("48 8b 55 00", a -> a.mov(RDX, at(RBP))),
          code("4a 8b 94 c8 e8 03 00 00", a -> a.mov(RDX, at(RAX, R9, 8, 1000))),
          code("4c 89 44 2e f8", a -> a.mov(at(RSI, RBP, 1, -8), R8)),
          code("8b 86 80 00 00 00", a -> a.mov32(RAX, at(RSI, 128))),
          code("42 89 0c 87", a -> a.mov32(at(RDI, R8, 4, 0), RCX)),
          code("41 b9 78 56 34 12", a -> a.mov32(R9, 0x12345678)),
          code("49 bf 88 77 66 55 44 33 22 11", a -> a.mov(R15, 0x1122334455667788L)),
          code("bb ff ff ff ff", a -> a.mov32(RBX, -1)),
          code("41 89 c1", a -> a.mov32(R9, RAX)),
          code("0f b6 46 03", a -> a.movzxByte(RAX, at(RSI, 3))),
          code("46 0f b7 54 5e 03", a -> a.movzxWord(R10, at(RSI, R11, 2, 3))),
          code("66 41 89 50 06", a -> a.movWord(at(R8, 6), RDX)),
          code("48 8d 04 4e", a -> a.lea(RAX, at(RSI, RCX, 2, 0))),
          code("48 01 c8", a -> a.add(RAX, RCX)),
          code("48 81 c7 80 02 00 00", a -> a.add(RDI, 640)),
          code("48 05 80 02 00 00", a -> a.add(RAX, 640)),
          code("49 83 c0 f8", a -> a.add(R8, -8)),
          code("4c 03 47 10", a -> a.add(R8, at(RDI, 16))),
          code("4c 29 fe", a -> a.sub(RSI, R15)),
          code("48 81 ec 00 03 00 00", a -> a.sub(RSP, 768)),
          code("4c 39 c0", a -> a.cmp(RAX, R8)),
          code("48 83 f9 00", a -> a.cmp(RCX, 0)),
          code("83 e0 0f", a -> a.and32(RAX, 15)),
          code("41 81 e0 0f 0f 0f 0f", a -> a.and32(R8, 0x0f0f0f0f)),
          code("09 d0", a -> a.or32(RAX, RDX)),
          code("45 31 c0", a -> a.xor32(R8, R8)),
          code("c1 e2 04", a -> a.shl32(RDX, 4)),
          code("41 c1 e9 06", a -> a.shr32(R9, 6)),
          code("49 0f af c0", a -> a.imul(RAX, R8)),
          code("53", a -> a.push(RBX)),
          code("41 54", a -> a.push(R12)),
          code("41 5c", a -> a.pop(R12)),
          code("c3", a -> a.ret()),
          code("0f a2", a -> a.cpuid()),
          code("0f 01 d0", a -> a.xgetbv()),
          code("0f 18 8e 00 02 00 00", a -> a.prefetcht0(at(RSI, 512))),
          code("0f 18 96 00 02 00 00", a -> a.prefetcht1(at(RSI, 512))),
          code("c5 f8 77", a -> a.vzeroupper()),
          code("c5 fc 10 08", a -> a.vmovups(ymm(1), at(RAX))),
          code("c5 7c 11 48 60", a -> a.vmovups(at(RAX, 96), ymm(9))),
          code("62 f1 7c 48 10 48 01", a -> a.vmovups(zmm(1), at(RAX, 64))),
          code("62 81 7c 48 10 4c 48 7f", a -> a.vmovups(zmm(17), at(R8, R9, 2, 8128))),
          code("62 c1 7c 48 10 88 00 20 00 00", a -> a.vmovups(zmm(17), at(R8, 8192))),
          code("62 61 7c 48 11 71 ff", a -> a.vmovups(at(RCX, -64), zmm(30))),
          code("62 f1 7c 48 10 91 04 00 00 00", a -> a.vmovups(zmm(2), at(RCX, 4))),
          code("c5 fa 6f 5e 02", a -> a.vmovdqu(xmm(3), at(RSI, 2))),
          code("c5 7e 7f 27", a -> a.vmovdqu(at(RDI), ymm(12))),
          code("62 f1 7e 48 6f 67 02", a -> a.vmovdqu(zmm(4), at(RDI, 128))),
          code("c5 7d 6f ed", a -> a.vmovdqa(ymm(13), ymm(5))),
          code("62 91 7d 48 6f dd", a -> a.vmovdqa(zmm(3), zmm(29))),
          code("c5 f9 6e d0", a -> a.vmovd(xmm(2), RAX)),
          code("c5 f9 6e 56 04", a -> a.vmovd(xmm(2), at(RSI, 4))),
          code("c5 79 7e 4e 04", a -> a.vmovd(at(RSI, 4), xmm(9))),
          code("c5 fa 7e 56 04", a -> a.vmovq(xmm(2), at(RSI, 4))),
          code("c4 41 79 d6 49 04", a -> a.vmovq(at(R9, 4), xmm(9))),
          code("c5 e9 c4 14 06 05", a -> a.vpinsrw(xmm(2), xmm(2), at(RSI, RAX, 1, 0), 5)),
          code("c4 e3 71 22 16 03", a -> a.vpinsrd(xmm(2), xmm(1), at(RSI), 3)),
          code("c4 c3 75 38 d1 01", a -> a.vinserti128(ymm(2), ymm(1), xmm(9), 1)),
          code("c4 e3 75 38 16 01", a -> a.vinserti128(ymm(2), ymm(1), at(RSI), 1)),
          code("c4 63 7d 39 d2 01", a -> a.vextracti128(xmm(2), ymm(10), 1)),
          code("c4 c3 75 46 d1 31", a -> a.vperm2i128(ymm(2), ymm(1), ymm(9), 0x31)),
          code("c4 c1 74 5d d1", a -> a.vminps(ymm(2), ymm(1), ymm(9))),
          code("c4 c1 78 51 d1", a -> a.vsqrtps(xmm(2), xmm(9))),
          code("c4 c3 75 02 d1 f0", a -> a.vpblendd(ymm(2), ymm(1), ymm(9), 0xf0)),
          code("c4 c3 75 0f d1 08", a -> a.vpalignr(ymm(2), ymm(1), ymm(9), 8)),
          code("c4 c3 fd 00 d1 d8", a -> a.vpermq(ymm(2), ymm(9), 0xd8)),
          code("c4 c1 7d 70 d1 b1", a -> a.vpshufd(ymm(2), ymm(9), 0xb1)),
          code("c5 b4 c2 d1 04", a -> a.vcmpps(ymm(2), ymm(9), ymm(1), 4)),
          code("c4 c3 55 4a 38 60", a -> a.vblendvps(ymm(7), ymm(5), at(R8), ymm(6))),
          code("c4 43 71 4a ca c0", a -> a.vblendvps(xmm(9), xmm(1), xmm(10), xmm(12))),
          code("c4 e2 7d 18 56 24", a -> a.vbroadcastss(ymm(2), at(RSI, 36))),
          code("c4 e2 7d 18 d3", a -> a.vbroadcastss(ymm(2), xmm(3))),
          code("62 e2 7d 48 18 76 09", a -> a.vbroadcastss(zmm(22), at(RSI, 36))),
          code("c4 e2 7d 58 54 46 24", a -> a.vpbroadcastd(ymm(2), at(RSI, RAX, 2, 36))),
          code("62 f2 7d 48 58 96 00 02 00 00", a -> a.vpbroadcastd(zmm(2), at(RSI, 512))),
          code("62 f2 7d 48 58 96 23 00 00 00", a -> a.vpbroadcastd(zmm(2), at(RSI, 35))),
          code("c4 e2 7d 79 16", a -> a.vpbroadcastw(ymm(2), at(RSI))),
          code("c4 e2 7d 78 16", a -> a.vpbroadcastb(ymm(2), at(RSI))),
          code("c4 e2 7d 5a 56 02", a -> a.vbroadcasti128(ymm(2), at(RSI, 2))),
          code("c4 c1 7c 5b d1", a -> a.vcvtdq2ps(ymm(2), ymm(9))),
          code("62 b1 7c 48 5b d3", a -> a.vcvtdq2ps(zmm(2), zmm(19))),
          code("c4 c1 7d 5b d1", a -> a.vcvtps2dq(ymm(2), ymm(9))),
          code("c4 c2 7d 13 d1", a -> a.vcvtph2ps(ymm(2), xmm(9))),
          code("c4 e2 7d 13 56 10", a -> a.vcvtph2ps(ymm(2), at(RSI, 16))),
          code("62 f2 7d 48 13 56 01", a -> a.vcvtph2ps(zmm(2), at(RSI, 32))),
          code("c4 c2 7d 1c d1", a -> a.vpabsb(ymm(2), ymm(9))),
          code("c4 e2 7d 20 56 02", a -> a.vpmovsxbw(ymm(2), at(RSI, 2))),
          code("62 f2 7d 48 20 56 01", a -> a.vpmovsxbw(zmm(2), at(RSI, 32))),
          code("c4 e2 7d 21 56 02", a -> a.vpmovsxbd(ymm(2), at(RSI, 2))),
          code("62 f2 7d 48 21 56 01", a -> a.vpmovsxbd(zmm(2), at(RSI, 16))),
          code("c4 c2 7d 23 d1", a -> a.vpmovsxwd(ymm(2), xmm(9))),
          code("c4 e2 7d 30 56 02", a -> a.vpmovzxbw(ymm(2), at(RSI, 2))),
          code("c4 e2 7d 31 56 02", a -> a.vpmovzxbd(ymm(2), at(RSI, 2))),
          code("c4 e2 7d 33 d1", a -> a.vpmovzxwd(ymm(2), xmm(1))),
          code("c4 c1 6d 71 d1 04", a -> a.vpsrlw(ymm(2), ymm(9), 4)),
          code("c4 c1 6d 71 e1 08", a -> a.vpsraw(ymm(2), ymm(9), 8)),
          code("c5 9d 71 f3 08", a -> a.vpsllw(ymm(12), ymm(3), 8)),
          code("c4 c1 6d 72 d1 04", a -> a.vpsrld(ymm(2), ymm(9), 4)),
          code("c4 c1 6d 72 e1 08", a -> a.vpsrad(ymm(2), ymm(9), 8)),
          code("c4 c1 69 72 f1 10", a -> a.vpslld(xmm(2), xmm(9), 16)),
          code("c5 b4 58 d1", a -> a.vaddps(ymm(2), ymm(9), ymm(1))),
          code("62 f1 34 58 58 16", a -> a.vaddps(zmm(2), zmm(9), at(RSI).toAllLanes())),
          code("c5 b7 7c d1", a -> a.vhaddps(ymm(2), ymm(9), ymm(1))),
          code("c5 b4 5c d1", a -> a.vsubps(ymm(2), ymm(9), ymm(1))),
          code("c5 b4 59 97 00 02 00 00", a -> a.vmulps(ymm(2), ymm(9), at(RDI, 512))),
          code("62 f1 34 48 59 57 08", a -> a.vmulps(zmm(2), zmm(9), at(RDI, 512))),
          code("62 e1 34 58 59 67 09", a -> a.vmulps(zmm(20), zmm(9), at(RDI, 36).toAllLanes())),
          code("c5 b4 5e d1", a -> a.vdivps(ymm(2), ymm(9), ymm(1))),
          code("c5 b4 5f d1", a -> a.vmaxps(ymm(2), ymm(9), ymm(1))),
          code("c5 b4 54 16", a -> a.vandps(ymm(2), ymm(9), at(RSI))),
          code("c5 b4 57 d1", a -> a.vxorps(ymm(2), ymm(9), ymm(1))),
          code("c5 b4 14 d1", a -> a.vunpcklps(ymm(2), ymm(9), ymm(1))),
          code("c5 b4 15 d1", a -> a.vunpckhps(ymm(2), ymm(9), ymm(1))),
          code("c4 c2 35 04 d6", a -> a.vpmaddubsw(ymm(2), ymm(9), ymm(14))),
          code("c4 a2 35 04 14 66", a -> a.vpmaddubsw(ymm(2), ymm(9), at(RSI, R12, 2, 0))),
          code("c5 b5 f5 16", a -> a.vpmaddwd(ymm(2), ymm(9), at(RSI))),
          code("c5 b5 fc d1", a -> a.vpaddb(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 fd d1", a -> a.vpaddw(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 fe 54 24 20", a -> a.vpaddd(ymm(2), ymm(9), at(RSP, 32))),
          code("62 91 35 48 fe d7", a -> a.vpaddd(zmm(2), zmm(9), zmm(31))),
          code("c5 b5 f8 d1", a -> a.vpsubb(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 f9 d1", a -> a.vpsubw(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 fa d1", a -> a.vpsubd(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 d5 d1", a -> a.vpmullw(ymm(2), ymm(9), ymm(1))),
          code("c4 e2 35 2b d1", a -> a.vpackusdw(ymm(2), ymm(9), ymm(1))),
          code("c4 e2 35 40 d1", a -> a.vpmulld(ymm(2), ymm(9), ymm(1))),
          code("c4 e2 35 01 d1", a -> a.vphaddw(ymm(2), ymm(9), ymm(1))),
          code("c4 e2 35 02 d1", a -> a.vphaddd(ymm(2), ymm(9), ymm(1))),
          code("c4 e2 35 08 d1", a -> a.vpsignb(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 db d1", a -> a.vpand(ymm(2), ymm(9), ymm(1))),
          code("62 f1 35 48 db d1", a -> a.vpand(zmm(2), zmm(9), zmm(1))),
          code("c5 b5 eb d1", a -> a.vpor(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 ef d1", a -> a.vpxor(ymm(2), ymm(9), ymm(1))),
          code("62 51 1d 48 ef e4", a -> a.vpxor(zmm(12), zmm(12), zmm(12))),
          code("c5 b5 74 d1", a -> a.vpcmpeqb(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 75 d1", a -> a.vpcmpeqw(ymm(2), ymm(9), ymm(1))),
          code("c4 e2 35 00 d1", a -> a.vpshufb(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 62 d1", a -> a.vpunpckldq(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 6a d1", a -> a.vpunpckhdq(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 6c d1", a -> a.vpunpcklqdq(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 6d d1", a -> a.vpunpckhqdq(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 6b d1", a -> a.vpackssdw(ymm(2), ymm(9), ymm(1))),
          code("c5 b5 63 d1", a -> a.vpacksswb(ymm(2), ymm(9), ymm(1))),
          code("c4 e2 35 36 d1", a -> a.vpermd(ymm(2), ymm(9), ymm(1))),
          code("c4 e2 35 45 d1", a -> a.vpsrlvd(ymm(2), ymm(9), ymm(1))),
          code("c4 e2 35 47 d1", a -> a.vpsllvd(ymm(2), ymm(9), ymm(1))),
          code("c4 c2 35 b8 d6", a -> a.vfmadd231ps(ymm(2), ymm(9), ymm(14))),
          code("c4 e2 35 b8 54 24 40", a -> a.vfmadd231ps(ymm(2), ymm(9), at(RSP, 64))),
          code("62 02 35 48 b8 fe", a -> a.vfmadd231ps(zmm(31), zmm(9), zmm(30))),
          code(
              "62 62 5d 50 b8 7a 7f",
              a -> a.vfmadd231ps(zmm(31), zmm(20), at(RDX, 508).toAllLanes())),
          code("c4 e2 35 a8 54 24 40", a -> a.vfmadd213ps(ymm(2), ymm(9), at(RSP, 64))),
          code("62 f2 35 58 50 56 0b", a -> a.vpdpbusd(zmm(2), zmm(9), at(RSI, 44).toAllLanes())),
          code(
              "62 b2 35 58 50 94 56 04 02 00 00",
              a -> a.vpdpbusd(zmm(2), zmm(9), at(RSI, R10, 2, 516).toAllLanes())),
          code("62 92 35 48 50 d1", a -> a.vpdpbusd(zmm(2), zmm(9), zmm(25))),
          code("c4 e2 35 50 d5", a -> a.vpdpbusd(ymm(2), ymm(9), ymm(5))),
          code("62 12 35 48 40 e1", a -> a.vpmulld(zmm(12), zmm(9), zmm(25))),
          code("62 f2 35 58 52 56 0b", a -> a.vpdpwssd(zmm(2), zmm(9), at(RSI, 44).toAllLanes())),
          code("62 f2 36 58 52 56 0b", a -> a.vdpbf16ps(zmm(2), zmm(9), at(RSI, 44).toAllLanes())));

  @ParameterizedTest
  @FieldSource("codes")
  void encodesAsTheManualSays(Code code) {
    assertThat(assemble(code.instruction)).isEqualTo(code.bytes);
  }

  @Test
  void jumpsReachBackAndForth() {
    assertThat(
            assemble(a -> {
              Label top = new Label();
              Label end = new Label();
              a.bind(top);
              a.sub(RCX, 1);
              a.jump(Assembler.If.EQUAL, end);
              a.jump(top);
              a.bind(end);
              a.ret();
            }))
        .isEqualTo("48 83 e9 01 0f 84 05 00 00 00 e9 f1 ff ff ff c3");
  }

  @Test
  void dotProductsTakeTheirEvexFormWhenAsked() {
    assertThat(
            assemble(a -> {
              a.dotProductsByEvex();
              a.vpdpbusd(ymm(2), ymm(9), ymm(5));
              a.vpdpbusd(ymm(2), ymm(9), at(RSI, 64));
            }))
        .isEqualTo("62 f2 35 28 50 d5 62 f2 35 28 50 56 02");
  }

  @Test
  void aLabelIsBoundOnce() {
    Label label = new Label();
    Assembler a = new Assembler();
    a.bind(label);
    assertThatThrownBy(() -> a.bind(label)).hasMessageContaining("bound already");
  }

  @Test
  void anInstructionWithoutAnEvexFormSaysSo() {
    assertThatThrownBy(() -> new Assembler().vpmaddubsw(zmm(0), zmm(1), at(RSI)))
        .hasMessageContaining("VPMADDUBSW has no EVEX form here");
  }

  private static String assemble(Consumer<Assembler> code) {
    Assembler assembler = new Assembler();
    code.accept(assembler);
    return HexFormat.ofDelimiter(" ").formatHex(assembler.toBytes());
  }

  private static Code code(String bytes, Consumer<Assembler> instruction) {
    return new Code(bytes, instruction);
  }
}
