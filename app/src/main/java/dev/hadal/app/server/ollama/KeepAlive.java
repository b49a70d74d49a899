package dev.hadal.app.server.ollama;

import dev.hadal.app.models.ModelPool;
import dev.hadal.app.server.Fields;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** How long a model is to stay: seconds, or a duration as Go writes it; below 0 for ever. */
final class KeepAlive {
  private static final Pattern NUMBER = Pattern.compile("[-+]?\\d{1,18}(?:\\.\\d{0,18})?");
  private static final Pattern PART =
      Pattern.compile("\\G(\\d{1,18}(?:\\.\\d{0,18})?|\\.\\d{1,18})(ns|us|µs|ms|s|m|h)");
  private static final Map<String, Double> SECONDS =
      Map.of("ns", 1e-9, "us", 1e-6, "µs", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0, "h", 3600.0);

  private KeepAlive() {}

  /** What a request says; nothing where it leaves it to the server. */
  static Optional<Duration> read(Fields fields) {
    JsonNode node = fields.node("keep_alive");
    if (node == null) {
      return Optional.empty();
    }
    double seconds = node.isNumber() ? node.doubleValue() : seconds(node.asString(""));
    if (Double.isNaN(seconds)) {
      throw fields.wrong(
          "keep_alive", "seconds, or a duration such as \"5m\"; -1 for ever, 0 not at all");
    }
    boolean ever = seconds < 0 || seconds >= ModelPool.FOREVER.toSeconds();
    return Optional.of(ever ? ModelPool.FOREVER : Duration.ofNanos((long) (seconds * 1e9)));
  }

  private static double seconds(String text) {
    if (NUMBER.matcher(text).matches()) {
      return Double.parseDouble(text);
    }
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String parts = signed ? text.substring(1) : text;
    Matcher part = PART.matcher(parts);
    double sum = Double.NaN;
    int end = 0;
    while (part.find()) {
      double unit = SECONDS.getOrDefault(part.group(2), Double.NaN);
      sum = (end == 0 ? 0 : sum) + Double.parseDouble(part.group(1)) * unit;
      end = part.end();
    }
    double seconds = end == parts.length() ? sum : Double.NaN;
    return text.startsWith("-") ? -seconds : seconds;
  }
}
