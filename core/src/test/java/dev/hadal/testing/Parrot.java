package dev.hadal.testing;

import dev.hadal.format.GgufMetadata;
import dev.hadal.format.GgufWriter;
import dev.hadal.format.OutputTensor;
import dev.hadal.format.Progress;
import dev.hadal.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A model that knows some sentences by heart, so that a client's way with tools can be tested from
 * end to end without a large one: offered tools it calls {@code weather(city = "Oslo")}, told the
 * result it says so, and otherwise it greets, after a thought if it is to think.
 *
 * <p>It is a Llama whose layer adds nothing: each token's embedding is one number of its own, and
 * the output matrix names the token that follows. Its chat template ends a prompt with a mark that
 * one of the sentences follows; after anything else it has no opinion.
 */
public final class Parrot {
  public static final String GREETING = "Good morning to you.";
  public static final String THOUGHT = "Someone is here.";
  public static final String ANSWER = "It is sunny in Oslo, 20 degrees.";

  /** What it says of the weather where a form keeps it from the sentence. */
  public static final String REPORT = "{\"sky\": \"SUNNY\"}";

  private static final List<String> MARKS =
      List.of("<|greet|>", "<|call|>", "<|tell|>", "<|think|>");
  private static final List<List<String>> SENTENCES =
      List.of(
          List.of("Good", " morning", " to", " you."),
          List.of(
              "<tool_call>\n{\"name\": \"weather\", ",
              "\"arguments\": ",
              "{\"city\": \"Oslo\"}",
              "}\n</tool_call>"),
          List.of("It is", " sunny", " in Oslo,", " 20 degrees."),
          List.of("<think>\n", "Someone", " is here.", "\n</think>\n\n", "Good"));
  private static final String TEMPLATE =
      """
      {%- for m in messages %}{{ m.role }}: {{ m.content }}
      {% for c in m.tool_calls %}<tool_call>{{ c.function | tojson }}</tool_call>
      {% endfor %}{% endfor %}\
      {%- if add_generation_prompt %}\
      {%- if messages[-1].role == 'tool' %}<|tell|>\
      {%- elif tools %}<|call|>\
      {%- elif enable_thinking %}<|think|>\
      {%- else %}<|greet|>\
      {%- endif %}{% endif %}\
      """;

  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;
  private static final int BYTE = 6;
  private static final int END = 2;
  private static final int HEAD = 32;

  private final List<String> tokens = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();
  private final Map<Integer, Integer> next = new HashMap<>();
  private final Map<Integer, Integer> otherwise = new HashMap<>();

  private Parrot() {
    add("<unk>", 2);
    add("<s>", CONTROL);
    add("</s>", CONTROL);
    for (int b = 0; b < 256; b++) {
      add(String.format(Locale.ROOT, "<0x%02X>", b), BYTE);
    }
    for (int i = 0; i < MARKS.size(); i++) {
      int before = add(MARKS.get(i), CONTROL);
      for (String piece : SENTENCES.get(i)) {
        int said = tokens.contains(piece) ? tokens.indexOf(piece) : add(piece, USER_DEFINED);
        next.put(before, said);
        before = said;
      }
      next.putIfAbsent(before, END);
    }
    int report = add(REPORT, USER_DEFINED);
    otherwise.put(tokens.indexOf("<|tell|>"), report);
    next.put(report, END);
    while (tokens.size() % HEAD != 0) {
      add("<unused" + tokens.size() + ">", UNUSED);
    }
  }

  /** Writes it into a folder. */
  public static Path in(Path folder) {
    Path file = folder.resolve("parrot.gguf");
    Parrot parrot = new Parrot();
    GgufWriter.write(file, parrot.metadata(), parrot.tensors(), Progress.NONE);
    return file;
  }

  private int add(String token, int type) {
    tokens.add(token);
    types.add(type);
    return tokens.size() - 1;
  }

  private GgufMetadata metadata() {
    return new GgufMetadata()
        .put("general.architecture", "llama")
        .put("llama.context_length", 1024)
        .put("llama.embedding_length", tokens.size())
        .put("llama.block_count", 1)
        .put("llama.feed_forward_length", HEAD)
        .put("llama.attention.head_count", tokens.size() / HEAD)
        .put("llama.attention.head_count_kv", 1)
        .put("llama.attention.layer_norm_rms_epsilon", 1e-5)
        .put("tokenizer.ggml.model", "llama")
        .put("tokenizer.ggml.tokens", tokens)
        .put("tokenizer.ggml.scores", new float[tokens.size()])
        .put("tokenizer.ggml.token_type", types.stream().mapToInt(t -> t).toArray())
        .put("tokenizer.ggml.bos_token_id", 1)
        .put("tokenizer.ggml.eos_token_id", END)
        .put("tokenizer.ggml.add_space_prefix", false)
        .put("tokenizer.chat_template", TEMPLATE);
  }

  private List<OutputTensor> tensors() {
    int size = tokens.size();
    return List.of(
        tensor("token_embd.weight", (row, column) -> row == column ? 1 : 0, size, size),
        tensor("output.weight", (row, column) -> likelihood(column, row), size, size),
        tensor("output_norm.weight", (row, column) -> 1, size),
        tensor("blk.0.attn_norm.weight", (row, column) -> 1, size),
        tensor("blk.0.ffn_norm.weight", (row, column) -> 1, size),
        nothing("attn_q", size, size),
        nothing("attn_k", HEAD, size),
        nothing("attn_v", HEAD, size),
        nothing("attn_output", size, size),
        nothing("ffn_gate", HEAD, size),
        nothing("ffn_up", HEAD, size),
        nothing("ffn_down", size, HEAD));
  }

  private float likelihood(int token, int by) {
    boolean likeliest = next.getOrDefault(token, -1) == by;
    boolean second = otherwise.getOrDefault(token, -1) == by;
    return likeliest ? 2 : second ? 1 : 0;
  }

  private interface Cell {
    float at(int row, int column);
  }

  private static OutputTensor nothing(String name, int... shape) {
    return tensor("blk.0." + name + ".weight", (row, column) -> 0, shape);
  }

  private static OutputTensor tensor(String name, Cell cell, int... shape) {
    int columns = shape[shape.length - 1];
    return OutputTensor.of(
        name,
        DType.F32,
        (first, count, dst) -> {
          for (int i = 0; i < count * columns; i++) {
            dst[i] = cell.at(first + i / columns, i % columns);
          }
        },
        shape);
  }
}
