package dev.hadal.app.cli;

import dev.hadal.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns text into token ids. */
@Command(
    name = "tokenize",
    header = "Shows the tokens of a text.",
    description = "%nThe text is taken as it is, a last line break included.%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  hadal tokenize tiny \"Once upon a time\"",
      "  hadal tokenize tokenizer.json.gz --json <book.txt",
      "  hadal tokenize qwen3.gguf --no-special \"<|im_start|>user\""
    })
final class Tokenize implements Callable<Integer> {
  private final Io io;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A model, a vocabulary.gguf, or a tokenizer.json[.gz].")
  private String source = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TEXT",
      description = "The text; standard input when absent.")
  private @Nullable String text;

  @Option(names = "--json", description = "Print a JSON array of ids.")
  private boolean json;

  @Option(
      names = "--no-special",
      description = "Put no beginning-of-text or end-of-text token around the text.")
  private boolean noSpecial;

  @Option(
      names = "--plain",
      description = "Take control tokens spelled in the text, such as <|im_end|>, as characters.")
  private boolean plain;

  @Option(
      names = "--pre",
      paramLabel = "NAME",
      description = "How tiktoken ranks cut text, such as deepseek-v3; other files say it.")
  private String pre = "";

  Tokenize(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws Exception {
    Tokenizer tokenizer = Vocabularies.open(source, pre);
    int[] ids = tokenizer.encode(text == null ? Inputs.text(io) : text, !noSpecial, !plain);
    if (json) {
      io.out()
          .println(
              Arrays.stream(ids)
                  .mapToObj(Integer::toString)
                  .collect(Collectors.joining(", ", "[", "]")));
      return 0;
    }
    for (int id : ids) {
      io.out().printf(Locale.ROOT, "%7d  %s%n", id, piece(tokenizer, id));
    }
    if (io.shown()) {
      io.out().println(io.dim(ids.length == 1 ? "1 token" : ids.length + " tokens"));
    }
    return 0;
  }

  /** A token's text on one line; bytes that are only part of a character as hexadecimal. */
  private String piece(Tokenizer tokenizer, int id) {
    if (tokenizer.isControl(id)) {
      return io.dim(tokenizer.token(id));
    }
    byte[] bytes = tokenizer.decodeBytes(id);
    try {
      return "'"
          + Escapes.show(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString())
          + "'";
    } catch (CharacterCodingException e) {
      return io.dim("bytes " + HexFormat.ofDelimiter(" ").formatHex(bytes));
    }
  }
}
