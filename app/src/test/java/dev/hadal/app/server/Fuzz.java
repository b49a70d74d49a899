package dev.hadal.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadal.app.server.TestServer.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Bodies that are put together from pieces, most of them wrong. */
public final class Fuzz {
  private final Random random = new Random(5);
  private final List<String> pieces;

  public Fuzz(String... pieces) {
    this.pieces = List.of(pieces);
  }

  /** Asks so often with such bodies: whatever is refused is refused with a reason. */
  public void run(TestServer server, int times, String method, String path) throws Exception {
    for (int i = 0; i < times; i++) {
      List<String> fields = new ArrayList<>();
      for (int k = random.nextInt(6); k > 0; k--) {
        fields.add(pieces.get(random.nextInt(pieces.size())));
      }
      String body = random.nextInt(20) == 0 ? "[{" : "{" + String.join(",", fields) + "}";
      Answer answer = server.send(method, path, body);
      assertThat(answer.status()).as("%s %s: %s", path, body, answer.text()).isLessThan(500);
      if (answer.status() >= 400) {
        assertThat(answer.json().path("error").isMissingNode()).as(answer.text()).isFalse();
        assertThat(answer.text().length()).as(answer.text()).isGreaterThan(20);
      }
    }
  }
}
