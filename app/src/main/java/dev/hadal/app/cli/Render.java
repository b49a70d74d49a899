package dev.hadal.app.cli;

import dev.hadal.chat.ChatRequest;
import dev.hadal.chat.ChatTemplate;
import dev.hadal.format.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Shows the prompt that a chat template makes of a request. */
@Command(
    name = "render",
    header = "Prints the prompt that a model sees, exactly.",
    description = {
      "%nREQUEST.json is the body of an OpenAI chat request: messages, tools,"
          + " add_generation_prompt; other keys are variables of the template.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hadal render qwen3.gguf request.json",
      "  hadal render chat_template.jinja request.json --var enable_thinking=false",
      "  echo '{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}' | hadal render"
          + " qwen3.gguf -"
    })
final class Render implements Callable<Integer> {
  private final Io io;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A model, or a template's file: TEMPLATE.jinja.")
  private String source = "";

  @Parameters(
      index = "1",
      paramLabel = "REQUEST.json",
      description = "The request; - for standard input.")
  private String request = "";

  @Option(
      names = "--var",
      paramLabel = "NAME=VALUE",
      description = "A variable of the template (repeatable); the value is JSON, or else text.")
  private Map<String, String> variables = new LinkedHashMap<>();

  @Option(
      names = "--now",
      paramLabel = "TIME",
      description = "The time that strftime_now tells, as 2026-01-31T12:00:00.")
  private @Nullable LocalDateTime now;

  Render(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    ChatRequest parsed =
        ChatRequest.fromJson(JsonMapper.shared().valueToTree(Inputs.json(io, request)));
    for (Map.Entry<String, Object> variable : Variables.parse(variables).entrySet()) {
      parsed = parsed.withVariable(variable.getKey(), variable.getValue());
    }
    ChatTemplate template = template();
    if (now != null) {
      ZoneId zone = ZoneId.systemDefault();
      template = template.withClock(Clock.fixed(now.atZone(zone).toInstant(), zone));
    }
    io.out().print(template.render(parsed));
    return 0;
  }

  private ChatTemplate template() throws IOException {
    if (Templates.isTemplate(source)) {
      return Templates.read(Path.of(source));
    }
    ChatTemplate template;
    try (Checkpoint checkpoint = Checkpoint.open(Models.resolve(source))) {
      template = Templates.of(checkpoint);
    }
    if (template.isPlain()) {
      throw new IllegalArgumentException(
          source
              + ": this model brings no chat template; name one: hadal render TEMPLATE.jinja ...");
    }
    return template;
  }
}
