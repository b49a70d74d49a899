package dev.hadal.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.app.server.openai.OpenAi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the JDK's flight recorder keeps of requests. */
@Timeout(60)
final class RequestEventTest {
  @TempDir private Path folder;

  @Test
  void aRequestIsRecordedWithWhatItTook() throws Exception {
    Path file = folder.resolve("requests.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("dev.hadal.Request").withoutThreshold();
      recording.start();
      try (TestServer server = TestServer.start(folder, new OpenAi())) {
        server.post(
            "/v1/completions",
            "{\"model\":\"tiny\",\"prompt\":[1,403,407],\"max_tokens\":8,\"ignore_eos\":true}");
        server.post("/v1/completions", "{\"model\":\"nobody\",\"prompt\":\"x\"}");
      }
      recording.stop();
      recording.dump(file);
    }

    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("dev.hadal.Request"))
            .filter(event -> event.getString("endpoint").equals("POST /v1/completions"))
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .toList();
    assertThat(events).hasSize(2);
    RecordedEvent answered = events.getFirst();
    assertThat(answered.getString("model")).isEqualTo("tiny");
    assertThat(answered.getInt("status")).isEqualTo(200);
    assertThat(answered.getInt("promptTokens")).isEqualTo(3);
    assertThat(answered.getInt("cachedTokens")).isZero();
    assertThat(answered.getInt("generatedTokens")).isEqualTo(8);
    assertThat(answered.getDuration("firstToken")).isPositive();
    assertThat(answered.getDuration("decode")).isPositive();
    assertThat(answered.getDuration())
        .isGreaterThanOrEqualTo(answered.getDuration("firstToken"))
        .isLessThan(Duration.ofMinutes(1));
    RecordedEvent refused = events.getLast();
    assertThat(refused.getInt("status")).isEqualTo(404);
    assertThat(refused.getInt("generatedTokens")).isZero();
  }
}
