package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.backend.Backend;
import dev.hadal.backend.Backends;
import dev.hadal.engine.Evaluator;
import dev.hadal.format.Checkpoint;
import dev.hadal.model.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

final class VerifyTest {
  private static final int[] TOKENS = {1, 403, 407, 261, 378};

  @TempDir private Path folder;

  @Test
  void theModelsOwnProbabilitiesPass() throws IOException {
    Cli verified = Cli.run("verify", vector(0), "--backend", "reference");

    assertThat(verified.err()).isEmpty();
    assertThat(verified.out()).contains("PASS", "within 3.00e-04").hasLineCount(4);
    assertThat(verified.code()).isZero();
  }

  @Test
  void aDifferenceBeyondTheToleranceFails() throws IOException {
    Cli verified = Cli.run("verify", vector(1e-3));

    assertThat(verified.out()).contains("FAIL", "beyond 3.00e-04");
    assertThat(verified.code()).isEqualTo(1);
    assertThat(Cli.run("verify", vector(1e-3), "--tolerance", "2e-3").code()).isZero();
  }

  @Test
  void theDivergenceAloneIsJudgedWhereItAloneIsGiven() throws IOException {
    assertThat(Cli.run("verify", vector(1e-3), "--kl", "1").code()).isZero();
    assertThat(Cli.run("verify", vector(1e-3), "--kl", "1e-9").code()).isEqualTo(1);
    assertThat(Cli.run("verify", vector(1e-3), "--kl", "1", "--tolerance", "1e-4").code())
        .isEqualTo(1);
  }

  @Test
  void anotherModelMayBeNamed() throws IOException {
    Map<String, Object> vector = content(0);
    vector.remove("model");

    assertThat(Cli.run("verify", write(vector)).err()).contains("--model FILE");
    assertThat(Cli.run("verify", write(vector), "--model", "tiny").code()).isZero();
  }

  @Test
  void weightsMayComeFromASeed() throws IOException {
    Map<String, Object> vector = content(0);
    vector.remove("model");
    vector.put("seed", 7);
    vector.put(
        "config",
        Map.of(
            "model_type", "llama",
            "vocab_size", 512,
            "hidden_size", 64,
            "intermediate_size", 96,
            "num_hidden_layers", 1,
            "num_attention_heads", 4));

    Cli verified = Cli.run("verify", write(vector));

    assertThat(verified.err()).isEmpty();
    assertThat(verified.out()).contains("FAIL"); // the numbers are another model's
  }

  @Test
  void whatIsNoVectorIsAnError() throws IOException {
    Map<String, Object> vector = content(0);
    vector.put("next_token_probabilities", Map.of("9", new double[512]));

    assertThat(Cli.run("verify", write(vector)).err()).contains("position '9'");
    assertThat(Cli.run("verify", folder.resolve("nowhere.json").toString()).code()).isEqualTo(2);
    Files.writeString(folder.resolve("broken.json"), "{\"tokens\": [1, ");
    assertThat(Cli.run("verify", folder.resolve("broken.json").toString()).err())
        .contains("broken.json")
        .hasLineCount(1);
  }

  private String vector(double wrong) throws IOException {
    return write(content(wrong));
  }

  private String write(Map<String, Object> vector) throws IOException {
    Path file = folder.resolve("vector.json");
    Files.write(file, JsonMapper.shared().writeValueAsBytes(vector));
    return file.toString();
  }

  /** The reference back end's probabilities of two positions, off by so much at one token. */
  private Map<String, Object> content(double wrong) throws IOException {
    Files.copy(Tiny.file(), folder.resolve("m.gguf"), StandardCopyOption.REPLACE_EXISTING);
    Map<String, Object> probabilities = new LinkedHashMap<>();
    try (Checkpoint checkpoint = Checkpoint.open(Tiny.file());
        Backend backend = Backends.named("reference")) {
      int[] positions = {0, 4};
      float[][] logits =
          new Evaluator(Architectures.load(checkpoint), backend, 2).logits(TOKENS, positions);
      for (int i = 0; i < positions.length; i++) {
        double[] row = Evaluator.softmax(logits[i]);
        row[100] += wrong;
        probabilities.put(String.valueOf(positions[i]), row);
      }
    }
    Map<String, Object> vector = new LinkedHashMap<>();
    vector.put("model", "m.gguf");
    vector.put("tokens", TOKENS);
    vector.put("next_token_probabilities", probabilities);
    return vector;
  }
}
