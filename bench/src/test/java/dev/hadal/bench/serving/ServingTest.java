package dev.hadal.bench.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hadal.bench.harness.ModelFile;
import dev.hadal.bench.serving.Promise.Meaning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The command runs; how fast is not a test's business. */
final class ServingTest {
  private static final Options FEW =
      new Options(
          List.of("tiny-llama"), List.of("q8_0"), 1, 1, "", new Options.Sizes(8, 4, 150, 12, 4));

  private static final ModelFile M = new ModelFile(Path.of("m"), "m", "");

  @Test
  void everyPartMeasuresATinyModel() {
    List<Report> reports = new ArrayList<>();
    ModelFile.each(FEW.models(), FEW.types(), file -> reports.add(Serving.measure(file, FEW)));

    assertThat(reports).hasSize(1);
    assertThat(reports.getFirst().promises())
        .extracting(Promise::name)
        .containsExactly(
            "server beside bare engine, streams: 1",
            "server beside bare engine, streams: 4",
            "150 tokens again, first token",
            "150 tokens with another end, first token",
            "p99 gap beside 3 prompts of 150, to median alone",
            "p99 gap alone, to median alone",
            "JSON mode beside free text",
            "JSON Schema beside free text",
            "all streams beside one, streams: 4");
    assertThat(reports.getFirst().promises())
        .allSatisfy(promise -> {
          assertThat(promise.value()).isFinite();
          assertThat(promise.before()).hasSize(1).allMatch(number -> number > 0);
          assertThat(promise.after()).hasSize(1).allMatch(number -> number > 0);
        });
    assertThat(Report.table(reports)).contains("tiny-llama | q8_0 | JSON mode");
  }

  @Test
  void aPromiseIsKeptByTheMedianOfItsRounds() {
    Promise promise =
        new Promise(
            "speed",
            "t/s",
            List.of(10.0, 100.0, 10.0),
            List.of(9.8, 97.5, 2.0),
            Meaning.LOST,
            0.03);

    assertThat(promise.value()).isCloseTo(0.025, within(1e-9));
    assertThat(promise.isKept()).isTrue();
    assertThat(promise.json(M))
        .containsAllEntriesOf(Map.of("model", "m", "is", "lost", "most", 0.03, "kept", true));
    assertThat(promise.line(M))
        .isEqualTo("| m |  | speed | 10.0 t/s | 9.8 t/s | **2.5 % lost** | ≤ 3.0 % lost, kept |");
  }

  @Test
  void anUnknownOptionIsRefusedWithThoseThatThereAre() {
    assertThatThrownBy(() -> Options.of(new String[] {"-x", "1"}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown option -x; there are --type, --backend, -r, -t");
  }
}
