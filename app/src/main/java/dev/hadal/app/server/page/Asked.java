package dev.hadal.app.server.page;

import dev.hadal.app.server.Fields;
import dev.hadal.app.server.answer.SamplingFields;
import dev.hadal.app.store.Attachment;
import dev.hadal.app.store.Sampling;
import dev.hadal.app.store.Settings;
import dev.hadal.engine.SamplingParams;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads what several of the page's requests have in common. */
final class Asked {
  private static final int MOST_ATTACHMENTS = 100;

  private Asked() {}

  /** What a request says of how to answer; what it does not say stays. */
  static Settings settings(Fields fields, Settings otherwise) {
    return new Settings(
        fields.text("system").orElse(otherwise.system()),
        fields.json().has("thinking") ? fields.flag("thinking").orElse(null) : otherwise.thinking(),
        fields.json().has("sampling")
            ? fields.object("sampling").map(Asked::sampling).orElse(Sampling.DEFAULT)
            : otherwise.sampling());
  }

  /** Sampling, each value in its range. */
  static Sampling sampling(Fields fields) {
    SamplingParams _ = SamplingFields.read(fields, SamplingParams.defaults(), "max_tokens");
    List<String> stop = fields.texts("stop");
    return new Sampling(
        number(fields, "temperature"),
        integer(fields, "top_k"),
        number(fields, "top_p"),
        number(fields, "min_p"),
        number(fields, "repetition_penalty"),
        number(fields, "frequency_penalty"),
        number(fields, "presence_penalty"),
        whole(fields, "seed"),
        integer(fields, "max_tokens"),
        stop.isEmpty() ? null : stop);
  }

  private static @Nullable Double number(Fields fields, String name) {
    OptionalDouble value = fields.number(name, -Double.MAX_VALUE, Double.MAX_VALUE);
    return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
  }

  private static @Nullable Integer integer(Fields fields, String name) {
    OptionalInt value = fields.integer(name, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return value.isPresent() ? Integer.valueOf(value.getAsInt()) : null;
  }

  private static @Nullable Long whole(Fields fields, String name) {
    OptionalLong value = fields.whole(name, Long.MIN_VALUE, Long.MAX_VALUE);
    return value.isPresent() ? Long.valueOf(value.getAsLong()) : null;
  }

  static List<Attachment> attachments(Fields fields) {
    List<Attachment> all = new ArrayList<>();
    for (Fields one : fields.objects("attachments")) {
      all.add(
          new Attachment(
              one.requiredText("name"),
              one.text("type").orElse("text/plain"),
              one.requiredText("text")));
    }
    if (all.size() > MOST_ATTACHMENTS) {
      throw fields.wrong("attachments", "at most " + MOST_ATTACHMENTS);
    }
    return all;
  }

  /** A title: one line, not too long. */
  static Optional<String> title(Fields fields) {
    Optional<String> title = fields.text("title").map(text -> text.replaceAll("\\s+", " ").strip());
    if (title.filter(t -> t.length() > 500).isPresent()) {
      throw fields.wrong("title", "at most 500 characters");
    }
    return title;
  }

  /** How many of a list are wanted. */
  static int limit(Optional<String> text) {
    if (text.isEmpty() || text.get().isEmpty()) {
      return 50;
    }
    try {
      int limit = Integer.parseInt(text.get());
      if (limit >= 1) {
        return Math.min(limit, 500);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new Refusal(400, "bad_request", "limit is no number above 0", null);
  }
}
