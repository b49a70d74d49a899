package dev.hadal.app.server.openai;

import dev.hadal.Hadal;
import dev.hadal.app.models.Lease;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Frames;
import dev.hadal.app.server.Handler;
import dev.hadal.app.server.answer.Answers;
import dev.hadal.app.server.answer.Chorus;
import dev.hadal.app.server.answer.Generation;
import dev.hadal.app.server.answer.ModelField;
import dev.hadal.app.server.answer.SamplingFields;
import dev.hadal.app.server.answer.Wish;
import dev.hadal.chat.dialect.Event;
import dev.hadal.engine.SamplingParams;
import dev.hadal.engine.TokenLogprob;
import dev.hadal.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * POST /v1/completions, with {@code echo} and {@code logprobs}, as evaluation harnesses ask.
 * Source: OpenAI API reference, Completions (legacy).
 */
final class CompletionsEndpoint implements Handler {
  private static final int MOST_PROMPTS = 256;
  private static final int MOST_ANSWERS = 16;
  private static final int MOST_LOGPROBS = 20;
  private static final int USUAL_LENGTH = 16;

  @Override
  public void handle(Call call) throws IOException {
    Fields fields = call.fields();
    String model = ModelField.read(call, fields);
    Lease lease = call.lease(model);
    Hadal hadal = lease.model();
    if (!fields.text("suffix").orElse("").isEmpty()) {
      throw fields.refused("suffix", "these models go on with a text, they don't fill gaps");
    }
    boolean echo = fields.flag("echo", false);
    OptionalInt logprobs = fields.integer("logprobs", 0, MOST_LOGPROBS);
    int length = fields.integer("max_tokens", 0, Integer.MAX_VALUE).orElse(USUAL_LENGTH);
    int n = fields.integer("n", 1, MOST_ANSWERS).orElse(1);
    if (fields.integer("best_of", 1, MOST_ANSWERS).orElse(n) != n) {
      throw fields.refused("best_of", "more answers than are given back; ask for n of them");
    }
    List<int[]> prompts = Prompts.read(fields, hadal);
    if (prompts.size() > MOST_PROMPTS) {
      throw fields.wrong("prompt", "at most " + MOST_PROMPTS + " prompts");
    }
    SamplingParams params =
        SamplingFields.read(fields, hadal.sampling()).withMaxTokens(Math.max(1, length));
    boolean scores = echo && logprobs.isPresent();
    if (scores && length == 1) {
      params = params.withIgnoreEos(true); // who counts tokens counts on one more than the prompt
    }
    Wish wish =
        Wish.of(params)
            .withForm(Forms.responseFormat(fields))
            .withLogprobs(logprobs.orElse(-1))
            .withPromptLogprobs(scores ? logprobs.getAsInt() : -1);
    Chorus chorus = Answers.texts(call, hadal, prompts, wish, length == 0, n);
    Exchange exchange =
        new Exchange(
            call, model, hadal.tokenizer(), prompts, n, length == 0, echo, logprobs, chorus);
    if (fields.flag("stream", false)) {
      exchange.stream(
          fields.object("stream_options").map(o -> o.flag("include_usage", false)).orElse(false));
    } else {
      exchange.whole();
    }
  }

  /** One request and its answers. */
  private static final class Exchange {
    private final Call call;
    private final String model;
    private final Tokenizer tokenizer;
    private final List<int[]> prompts;
    private final int n;
    private final boolean promptOnly;
    private final boolean echo;
    private final boolean logprobs;
    private final Chorus chorus;
    private final List<CompletionLogprobs> told = new ArrayList<>();
    private final String id = Json.id("cmpl-");
    private final long created = Json.now();

    Exchange(
        Call call,
        String model,
        Tokenizer tokenizer,
        List<int[]> prompts,
        int n,
        boolean promptOnly,
        boolean echo,
        OptionalInt logprobs,
        Chorus chorus) {
      this.call = call;
      this.model = model;
      this.tokenizer = tokenizer;
      this.prompts = prompts;
      this.n = n;
      this.promptOnly = promptOnly;
      this.echo = echo;
      this.logprobs = logprobs.isPresent();
      this.chorus = chorus;
      chorus.voices().forEach(v -> told.add(new CompletionLogprobs(tokenizer)));
    }

    void whole() {
      List<StringBuilder> texts = new ArrayList<>();
      chorus.voices().forEach(voice -> texts.add(new StringBuilder()));
      List<List<TokenLogprob>> own = new ArrayList<>();
      chorus.voices().forEach(voice -> own.add(new ArrayList<>()));
      for (Optional<Chorus.Said> said = chorus.next(); said.isPresent(); said = chorus.next()) {
        int index = said.get().index();
        said.get()
            .piece()
            .ifPresentOrElse(
                piece -> {
                  texts.get(index).append(text(piece.event()));
                  own.get(index).addAll(piece.logprobs());
                },
                () -> own.get(index).addAll(chorus.voice(index).leftover()));
      }
      ObjectNode answer = head();
      ArrayNode choices = answer.putArray("choices");
      for (int i = 0; i < texts.size(); i++) {
        if (echo) {
          tellPrompt(i);
        }
        told.get(i).add(own.get(i));
        choices.add(
            choice(
                i,
                (echo ? tokenizer.decode(prompts.get(i / n), true) : "") + texts.get(i),
                finish(i)));
      }
      answer.set("usage", usage());
      call.json(answer);
    }

    private ObjectNode usage() {
      ObjectNode usage = Json.usage(chorus.voices(), n);
      return promptOnly
          ? usage
              .put("completion_tokens", 0)
              .put("total_tokens", usage.path("prompt_tokens").asInt())
          : usage;
    }

    void stream(boolean withUsage) throws IOException {
      Frames frames = call.frames(Frames.SSE);
      for (Optional<Chorus.Said> said = chorus.next(); said.isPresent(); said = chorus.next()) {
        int index = said.get().index();
        boolean ended = said.get().piece().isEmpty();
        StringBuilder text = new StringBuilder();
        if (echo && told.get(index).isNew()) {
          text.append(tokenizer.decode(prompts.get(index / n), true));
          tellPrompt(index);
        }
        said.get()
            .piece()
            .ifPresent(piece -> {
              text.append(text(piece.event()));
              told.get(index).add(piece.logprobs());
            });
        if (ended) {
          told.get(index).add(chorus.voice(index).leftover());
        }
        ObjectNode chunk = head();
        chunk.putArray("choices").add(choice(index, text.toString(), ended ? finish(index) : null));
        frames.data(chunk);
      }
      if (withUsage) {
        ObjectNode last = head();
        last.putArray("choices");
        last.set("usage", usage());
        frames.data(last);
      }
      frames.done();
    }

    private void tellPrompt(int index) {
      Generation voice = chorus.voice(index);
      told.get(index).addPrompt(prompts.get(index / n), voice.tokens().promptLogprobs());
    }

    private String finish(int index) {
      return promptOnly ? "length" : chorus.voice(index).finish();
    }

    private static String text(Event event) {
      return event instanceof Event.Content(String text) ? text : "";
    }

    private ObjectNode choice(int index, String text, @Nullable String finish) {
      ObjectNode choice = Json.object().put("text", text).put("index", index);
      JsonNode probabilities = logprobs ? told.get(index).take() : null;
      choice.set("logprobs", probabilities);
      return choice.put("finish_reason", finish);
    }

    private ObjectNode head() {
      return Json.object()
          .put("id", id)
          .put("object", "text_completion")
          .put("created", created)
          .put("model", model);
    }
  }
}
