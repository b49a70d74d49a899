package dev.hadal.app.server.ollama;

import dev.hadal.app.server.Call;
import dev.hadal.app.server.Frames;
import dev.hadal.app.server.answer.Chorus;
import dev.hadal.app.server.answer.Generation;
import dev.hadal.chat.ToolCall;
import dev.hadal.chat.dialect.Event;
import dev.hadal.engine.TokenStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** An answer on its way: a line a piece, or one object at the end. */
final class Reply {
  private final Call call;
  private final Leased leased;
  private final Generation voice;
  private final Chorus chorus;
  private final Shape shape;

  /** Where an endpoint's objects have an answer's parts. */
  interface Shape {
    /** Puts what was said, or a piece of it, into an object. */
    void put(ObjectNode line, String content, String thinking, List<ToolCall> calls);

    /** What only the last object has. */
    default void putLast(ObjectNode line, Generation voice) {}
  }

  Reply(Call call, Leased leased, Chorus chorus, Shape shape) {
    this.call = call;
    this.leased = leased;
    this.chorus = chorus;
    this.voice = chorus.voice(0);
    this.shape = shape;
  }

  void send(boolean stream) throws IOException {
    if (stream) {
      stream();
    } else {
      whole();
    }
  }

  private void stream() throws IOException {
    Frames frames = call.frames(Frames.NDJSON);
    for (Optional<Event> event = next(); event.isPresent(); event = next()) {
      ObjectNode line = leased.head();
      switch (event.get()) {
        case Event.Content(String text) -> shape.put(line, text, "", List.of());
        case Event.Thinking(String text) -> shape.put(line, "", text, List.of());
        case Event.ToolCall(int _, ToolCall tool) -> shape.put(line, "", "", List.of(tool));
      }
      frames.data(line.put("done", false));
    }
    ObjectNode last = leased.head();
    shape.put(last, "", "", List.of());
    frames.data(ended(last));
  }

  private void whole() {
    StringBuilder content = new StringBuilder();
    StringBuilder thinking = new StringBuilder();
    List<ToolCall> calls = new ArrayList<>();
    for (Optional<Event> event = next(); event.isPresent(); event = next()) {
      switch (event.get()) {
        case Event.Content(String text) -> content.append(text);
        case Event.Thinking(String text) -> thinking.append(text);
        case Event.ToolCall(int _, ToolCall tool) -> calls.add(tool);
      }
    }
    ObjectNode answer = leased.head();
    shape.put(answer, content.toString(), thinking.toString(), calls);
    call.json(ended(answer));
  }

  private Optional<Event> next() {
    return chorus.next().flatMap(Chorus.Said::piece).map(piece -> piece.event());
  }

  private ObjectNode ended(ObjectNode last) {
    last.put("done", true).put("done_reason", voice.finish().equals("length") ? "length" : "stop");
    shape.putLast(last, voice);
    TokenStream tokens = voice.tokens();
    return last.put("total_duration", System.nanoTime() - leased.beganNanos())
        .put("load_duration", leased.loadNanos())
        .put("prompt_eval_count", voice.promptTokens())
        .put("prompt_eval_duration", tokens.promptNanos())
        .put("eval_count", voice.generatedTokens())
        .put("eval_duration", tokens.decodeNanos());
  }
}
