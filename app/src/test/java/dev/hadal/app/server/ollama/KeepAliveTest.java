package dev.hadal.app.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.app.models.ModelPool;
import dev.hadal.app.server.Fields;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

final class KeepAliveTest {
  @ParameterizedTest
  @CsvSource({
    "'\"5m\"', PT5M",
    "'\"1h30m\"', PT1H30M",
    "'\"1.5h\"', PT1H30M",
    "'\"300ms\"', PT0.3S",
    "'\"0\"', PT0S",
    "0, PT0S",
    "90, PT1M30S",
    "'\"90\"', PT1M30S"
  })
  void itIsSecondsOrADuration(String given, Duration expected) {
    assertThat(read(given)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "\"-1\"", "\"-1m\"", "1e300", "\"99999999h\""})
  void belowZeroOrLongerThanAnythingIsForEver(String given) {
    assertThat(read(given)).contains(ModelPool.FOREVER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"soon\"",
        "\"5 m\"",
        "\"m\"",
        "\"5x\"",
        "\"5m3\"",
        "\"1..5s\"",
        "[]",
        "true"
      })
  void anythingElseIsRefused(String given) {
    assertThatThrownBy(() -> read(given)).hasMessageContaining("keep_alive");
  }

  @Test
  void whereNothingIsSaidTheServerDecides() {
    assertThat(read("null")).isEmpty();
  }

  private static Optional<Duration> read(String value) {
    return KeepAlive.read(
        Fields.of(JsonMapper.shared().readTree("{\"keep_alive\":" + value + "}")));
  }
}
