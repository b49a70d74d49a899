package dev.hadal.tensor.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hadal.tensor.DType;
import dev.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class QuantsTest {
  /** Root mean square errors of unit normal numbers, a little above what each type allows. */
  @ParameterizedTest
  @CsvSource({
    "F32, 0",
    "F16, 0.0003",
    "BF16, 0.003",
    "F8_E4M3, 0.04",
    "Q8_0, 0.008",
    "Q6_K, 0.02",
    "Q5_K, 0.04",
    "Q5_1, 0.045",
    "Q5_0, 0.05",
    "Q4_K, 0.08",
    "Q4_1, 0.095",
    "Q4_0, 0.10",
    "IQ4_NL, 0.08",
    "IQ4_XS, 0.085",
    "MXFP4, 0.14",
    "Q3_K, 0.18",
    "Q2_K, 0.36"
  })
  void whatIsWrittenReadsBackAsNearAsTheTypeAllows(DType type, double rms) {
    float[] values = normal(1024, 7);
    float[] back = roundTrip(type, values);
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += Math.pow(values[i] - back[i], 2);
    }
    assertThat(Math.sqrt(sum / values.length)).isLessThanOrEqualTo(rms);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"I32", "F8_E8M0"})
  void zerosStayZeros(DType type) {
    float[] back = roundTrip(type, new float[512]);
    for (float value : back) {
      assertThat(value == 0).isTrue(); // of either sign
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"I32", "F8_E8M0"})
  void blocksBeforeAndAfterAreLeftAlone(DType type) {
    float[] values = normal(768, 3);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(type.bytes(768));
      Quants.encode(type, values, 256, 256, memory, type.bytes(256));
      float[] back = new float[768];
      Quants.decode(type, memory, type.bytes(256), back, 256, 256);
      assertThat(memory.asSlice(0, type.bytes(256)).mismatch(arena.allocate(type.bytes(256))))
          .isEqualTo(-1);
      assertThat(back[255]).isZero();
      assertThat(back[512]).isZero();
      assertThat(back[300]).isCloseTo(values[300], within(0.9f));
    }
  }

  @Test
  void e4m3HasTheSpecificationsCornerValues() {
    assertThat(decodeByte(DType.F8_E4M3, 0x7e)).isEqualTo(448f);
    assertThat(decodeByte(DType.F8_E4M3, 0xfe)).isEqualTo(-448f);
    assertThat(decodeByte(DType.F8_E4M3, 0x7f)).isNaN();
    assertThat(decodeByte(DType.F8_E4M3, 0xff)).isNaN();
    assertThat(decodeByte(DType.F8_E4M3, 0x01)).isEqualTo(0x1p-9f);
    assertThat(decodeByte(DType.F8_E4M3, 0x08)).isEqualTo(0x1p-6f);
    assertThat(decodeByte(DType.F8_E4M3, 0x38)).isEqualTo(1f);
  }

  @Test
  void everyE4m3CodeReturnsToItself() {
    for (int code = 0; code < 256; code++) {
      float value = decodeByte(DType.F8_E4M3, code);
      if (!Float.isNaN(value)) {
        assertThat(Float8.E4M3.code(value) & 0x7f).isEqualTo(code & 0x7f);
      }
    }
    assertThat(Float8.E4M3.code(1e9f)).isEqualTo(0x7e);
    assertThat(Float8.E4M3.code(1.0625f)).isEqualTo(0x38); // a tie goes to the even neighbour
  }

  @Test
  void e8m0IsPowersOfTwo() {
    assertThat(decodeByte(DType.F8_E8M0, 127)).isEqualTo(1f);
    assertThat(decodeByte(DType.F8_E8M0, 0)).isEqualTo(0x1p-127f);
    assertThat(decodeByte(DType.F8_E8M0, 254)).isEqualTo(0x1p127f);
    assertThat(decodeByte(DType.F8_E8M0, 255)).isNaN();
    for (int code = 0; code < 255; code++) {
      assertThat(Float8.E8M0.code(decodeByte(DType.F8_E8M0, code))).isEqualTo(code);
    }
  }

  @Test
  void mxfp4ReadsAHandWrittenBlock() {
    byte[] block = new byte[17];
    block[0] = (byte) 128; // scale 2
    block[1] = (byte) 0xf7; // number 0 is code 7 (6.0), number 16 is code 15 (-6.0)
    block[2] = (byte) 0x91; // number 1 is code 1 (0.5), number 17 is code 9 (-0.5)
    float[] values = new float[32];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(17).copyFrom(MemorySegment.ofArray(block));
      Quants.decode(DType.MXFP4, memory, 0, values, 0, 32);
    }
    assertThat(values[0]).isEqualTo(12f);
    assertThat(values[16]).isEqualTo(-12f);
    assertThat(values[1]).isEqualTo(1f);
    assertThat(values[17]).isEqualTo(-1f);
    assertThat(values[2]).isZero();
  }

  @Test
  void fp8RowsAreMultipliedByTheScaleOfTheirBlock() {
    try (Arena arena = Arena.ofConfined()) {
      float[] ones = new float[130 * 256];
      Arrays.fill(ones, 1f);
      Tensor scale = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
      MemorySegment memory = arena.allocate(ones.length);
      Quants.encode(DType.F8_E4M3, ones, 0, ones.length, memory, 0);
      Tensor w = Tensor.of(DType.F8_E4M3, memory, scale, 130, 256);
      float[] row = new float[256];
      Dequant.decodeRow(w, 127, row);
      assertThat(row[0]).isEqualTo(1f);
      assertThat(row[128]).isEqualTo(2f);
      Dequant.decodeRow(w, 128, row);
      assertThat(row[127]).isEqualTo(3f);
      assertThat(row[255]).isEqualTo(4f);
      assertThat(Dequant.toFloats(w)).hasSize(130 * 256).endsWith(4f);
    }
  }

  @Test
  void rowsOfAViewWithGapsAreFound() {
    float[] values = normal(2 * 3 * 4, 1);
    Tensor view = Tensor.of(values, 2, 3, 4).narrow(1, 3);
    float[] row = new float[4];
    Dequant.decodeRow(view, 3, row);
    assertThat(row).containsExactly(values[20], values[21], values[22], values[23]);
  }

  @Test
  void partialBlocksAreTheCallersMistake() {
    assertThatThrownBy(
            () -> Quants.decode(DType.Q4_K, MemorySegment.NULL, 0, new float[100], 0, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("blocks of 256");
  }

  private static float decodeByte(DType type, int code) {
    float[] value = new float[1];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(1);
      memory.fill((byte) code);
      Quants.decode(type, memory, 0, value, 0, 1);
    }
    return value[0];
  }

  private static float[] roundTrip(DType type, float[] values) {
    float[] back = new float[values.length];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(type.bytes(values.length));
      Quants.encode(type, values, 0, values.length, memory, 0);
      Quants.decode(type, memory, 0, back, 0, back.length);
    }
    return back;
  }

  private static float[] normal(int n, long seed) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
