package dev.hadal.app.cli;

import dev.hadal.Hadal;
import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.ChatStream;
import dev.hadal.chat.Message;
import dev.hadal.engine.FinishReason;
import dev.hadal.engine.SamplingParams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Answers one prompt. */
@Command(
    name = "run",
    header = "Answers one prompt, and ends.",
    description =
        "%nA model with a chat template answers; one without, or any with --raw, continues the"
            + " text.%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  hadal run tiny \"Once upon a time\"",
      "  hadal run qwen3.gguf \"Why is the sea blue?\" --temperature 0 --max-tokens 100",
      "  hadal run qwen3.gguf <question.txt --json",
      "  hadal run llama.gguf --raw \"The capital of France is\" -n 8"
    })
final class Run implements Callable<Integer> {
  private final Io io;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model.")
  private String model = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PROMPT",
      description = "The prompt; standard input when it is absent or -.")
  private @Nullable String prompt;

  @Option(
      names = "--raw",
      description =
          "Continue the prompt as it stands, without a chat template; an empty one begins at the"
              + " beginning.")
  private boolean raw;

  @Option(names = "--json", description = "Print one JSON object when all is done.")
  private boolean json;

  @Option(names = "--stats", description = "Say at the end how long it took, on standard error.")
  private boolean stats;

  @Mixin private PromptOptions prompting = new PromptOptions();
  @Mixin private SamplingOptions sampling = new SamplingOptions();
  @Mixin private ModelOptions opening = new ModelOptions();

  private long loadMillis;

  Run(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    String text = text();
    long began = System.nanoTime();
    try (Hadal hadal = Hadal.load(Models.resolve(model), opening.options())) {
      loadMillis = (System.nanoTime() - began) / 1_000_000;
      SamplingParams params = sampling.over(hadal.sampling());
      boolean completes = raw || hadal.template().isPlain();
      if (text.isEmpty() && !completes) {
        throw new IllegalArgumentException("the prompt is empty; there is nothing to answer");
      }
      try (ChatStream stream =
              completes
                  ? Completions.stream(hadal, text, params)
                  : hadal.stream(request(text), params);
          Interruption interruption = Interruption.stopping(stream::close)) {
        if (completes && io.shown() && !json) {
          io.out().print(io.dim(text));
        }
        Answer answer = new Answer(io, json).read(stream);
        // A raw completion in a pipe is the text and nothing else.
        if (!raw || io.shown()) {
          answer.endLine();
        }
        if (!answer.readerGone()) {
          report(hadal, stream, answer, params, interruption.came());
        }
      }
    }
    return 0;
  }

  private String text() throws IOException {
    if (prompt != null && !prompt.equals("-")) {
      return prompt;
    }
    if (io.typed() && prompt == null) {
      throw new IllegalArgumentException(
          "there is no prompt; give one after the model, or pipe one in ('hadal chat "
              + model
              + "' is for conversations)");
    }
    return Inputs.prompt(io);
  }

  private ChatRequest request(String text) {
    List<Message> messages = new ArrayList<>();
    String system = prompting.system();
    if (system != null) {
      messages.add(Message.system(system));
    }
    messages.add(Message.user(text));
    ChatRequest request = ChatRequest.of(messages);
    for (Map.Entry<String, Object> variable : prompting.variables().entrySet()) {
      request = request.withVariable(variable.getKey(), variable.getValue());
    }
    return request;
  }

  private void report(
      Hadal hadal, ChatStream stream, Answer answer, SamplingParams params, boolean interrupted) {
    Stats took = Stats.of(stream.tokens());
    FinishReason reason = stream.finishReason().orElse(FinishReason.CANCELLED);
    if (json) {
      io.out().println(JsonMapper.shared().writeValueAsString(object(answer, reason, took)));
      io.out().flush();
    }
    if (interrupted) {
      return;
    }
    if (Completions.isContextFull(hadal, stream)) {
      io.say(Completions.contextFull(hadal));
    } else if (reason == FinishReason.LENGTH && answer.content().isEmpty() && !json) {
      io.say(
          "the answer was cut after --max-tokens "
              + params.maxTokens()
              + (answer.thinking().isEmpty() ? "" : ", before its thinking ended"));
    }
    if (stats) {
      io.say(took.line());
    }
  }

  private Map<String, Object> object(Answer answer, FinishReason reason, Stats took) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("model", model);
    object.put("content", answer.content());
    if (!answer.thinking().isEmpty()) {
      object.put("reasoning_content", answer.thinking());
    }
    if (!answer.calls().isEmpty()) {
      object.put("tool_calls", answer.message().fields().get("tool_calls"));
    }
    object.put("finish_reason", reason.name().toLowerCase(Locale.ROOT));
    object.put("usage", took.usage());
    Map<String, Object> timings = new LinkedHashMap<>();
    timings.put("load_ms", loadMillis);
    timings.putAll(took.timings());
    object.put("timings", timings);
    return object;
  }
}
