package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is said of machines that are not at hand, and one examination of this one. */
final class DoctorTest {
  private static final long GIB = 1L << 30;
  private static final JvmFacts JVM = new JvmFacts("25", "C1 and C2", true, true, true);
  private static final BackEndFacts JIT = new BackEndFacts("jit", true, true, false, "the fastest");

  @Test
  void thisMachineIsExamined() {
    Cli doctor = Cli.run("doctor", "--json", "-t", "1");

    assertThat(doctor.err()).isEmpty();
    JsonNode json = JsonMapper.shared().readTree(doctor.out());
    assertThat(json.at("/machine/cores").asInt()).isPositive();
    assertThat(json.at("/machine/memory_bytes").asLong()).isPositive();
    assertThat(json.at("/java/vector_api").asBoolean()).isTrue();
    assertThat(json.at("/back_ends").valueStream().filter(it -> it.at("/used").asBoolean()))
        .hasSize(1);
    assertThat(json.at("/speed/memory_bytes_per_second").asDouble()).isPositive();
    assertThat(json.at("/speed/types").valueStream())
        .allMatch(it -> it.at("/prefill_operations_per_second").asDouble() > 0)
        .allMatch(it -> it.at("/decode_bytes_per_second").asDouble() > 0);
    assertThat(json.at("/advice").isArray()).isTrue();
  }

  @Test
  void aMachineThatGivesAllHearsNothing() {
    assertThat(Advice.on(checkup(machine(2, 2, 2), JVM, speed(2, 30e9, 0), JIT))).isEmpty();
  }

  @Test
  void idleCoresAreNamedWithWhatBindsThem() {
    assertThat(Advice.on(checkup(machine(8, 8, 8), JVM, speed(2, 30e9, 0), JIT)))
        .singleElement()
        .asString()
        .contains("2 of 8 cores are used", "-t 8");
    assertThat(Advice.on(checkup(machine(8, 4, 4), JVM, speed(4, 30e9, 0), JIT)))
        .singleElement()
        .asString()
        .contains("4 of the machine's 8 cores", "affinity");
    assertThat(Advice.on(checkup(machine(8, 8, 4), JVM, speed(4, 30e9, 0), JIT)))
        .singleElement()
        .asString()
        .contains("quota", "4 of 8 cores");
    assertThat(Advice.on(checkup(machine(2, 2, 2), JVM, speed(4, 30e9, 0), JIT)))
        .singleElement()
        .asString()
        .contains("4 threads share 2 cores", "-t 2");
  }

  @Test
  void aJvmWithoutItsMeansIsTold() {
    JvmFacts bare = new JvmFacts("25", "none, all is interpreted", false, false, false);

    assertThat(Advice.on(checkup(machine(2, 2, 2), bare, speed(2, 1e9, 0), JIT)))
        .satisfiesExactly(
            vectors -> assertThat(vectors).contains("--add-modules jdk.incubator.vector"),
            compiler -> assertThat(compiler).contains("-Xint"),
            cache -> assertThat(cache).contains("AOT cache"));
  }

  @Test
  void aFasterBackEndIsNamed() {
    BackEndFacts forbidden = new BackEndFacts("jit", false, false, false, "memory is guarded");
    BackEndFacts simd = new BackEndFacts("simd", true, true, false, "the fastest");
    BackEndFacts wide = new BackEndFacts("jit-wide", false, true, true, "try --backend jit-wide");

    assertThat(Advice.on(checkup(machine(2, 2, 2), JVM, speed(2, 30e9, 0), forbidden, simd, wide)))
        .containsExactly(
            "The back end jit can't run: memory is guarded.",
            "The back end jit-wide may be faster: try --backend jit-wide.");
  }

  @Test
  void slowMemoryAndBusyNeighboursAreNoticed() {
    assertThat(Advice.on(checkup(machine(2, 2, 2), JVM, speed(2, 8e9, 0.4), JIT)))
        .satisfiesExactly(
            memory -> assertThat(memory).contains("8.0 GB/s", "memory module"),
            others -> assertThat(others).contains("40 %", "quiet"));
  }

  @Test
  void theReportFitsATerminal() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    Io io = new Io(InputStream.nullInputStream(), print, print, false, true, false, false);

    CheckupReport.print(checkup(machine(8, 4, 2), JVM, speed(1, 8e9, 0.4), JIT), new Sheet(io));

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .allMatch(line -> line.length() < 80)
        .anyMatch(line -> line.matches("  Q8_0 +prefill +200 GOPS +decode +6.4 GB/s  █{8}░░ +80 %"))
        .contains("  * jit       the fastest: machine code");
  }

  @Test
  void listsOfProcessorsAreCounted() {
    assertThat(MachineFacts.countList("0-3,8")).isEqualTo(5);
    assertThat(MachineFacts.countList("")).isZero();
  }

  private static Checkup checkup(
      MachineFacts machine, JvmFacts jvm, SpeedFacts speed, BackEndFacts... backEnds) {
    return new Checkup(machine, jvm, List.of(backEnds), "machine code", speed);
  }

  private static MachineFacts machine(int cores, int affinity, int usable) {
    List<String> features = List.of("AVX2", "256-bit vectors");
    return new MachineFacts(
        "Some Processor", features, cores, cores, affinity, usable, 0, GIB, GIB, GIB);
  }

  private static SpeedFacts speed(int threads, double memory, double others) {
    SpeedFacts.Of of = new SpeedFacts.Of("Q8_0", 200e9, 0.8 * memory, 0.8);
    return new SpeedFacts("jit", threads, memory, List.of(of), others);
  }
}
