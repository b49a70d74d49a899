package dev.hadal.tokenizer;

import dev.hadal.format.FormatException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds a tokenizer from tiktoken ranks: a line a token, its bytes in base64, a space and its
 * rank, which is its id.
 */
final class Tiktoken {
  private record Ranked(byte[] bytes, int id) {}

  private Tiktoken() {}

  static Tokenizer read(Path path, String preTokenizer, Map<String, Integer> specials) {
    String file = path.getFileName().toString();
    Patterns.Named pre = Patterns.named(preTokenizer);
    if (pre == null) {
      throw new FormatException(
          file,
          -1,
          "the pre-tokenizer '" + preTokenizer + "' is unknown; known are " + Patterns.known());
    }
    List<Ranked> ranks = ranks(path, file);
    int count = ranks.size() + specials.size();
    int size = 0;
    for (Ranked ranked : ranks) {
      size = Math.max(size, checked(file, ranked.id(), count) + 1);
    }
    for (int id : specials.values()) {
      size = Math.max(size, checked(file, id, count) + 1);
    }
    String[] tokens = new String[size];
    Arrays.fill(tokens, "");
    Vocabulary.Kind[] kinds = new Vocabulary.Kind[size];
    Arrays.fill(kinds, Vocabulary.Kind.UNUSED);
    for (Ranked ranked : ranks) {
      if (!tokens[ranked.id()].isEmpty()) {
        throw new FormatException(
            file, -1, "two tokens have rank " + ranked.id() + "; every rank may stand once");
      }
      tokens[ranked.id()] = ByteLevel.spell(ranked.bytes());
      kinds[ranked.id()] = Vocabulary.Kind.NORMAL;
    }
    List<AddedTokens.Token> added = new ArrayList<>();
    specials.forEach((name, id) -> {
      tokens[id] = name;
      kinds[id] = Vocabulary.Kind.CONTROL;
      added.add(AddedTokens.Token.plain(name, id, true));
    });
    return build(
        new Vocabulary(file, tokens, kinds, new double[0], Vocabulary.Spelling.BYTE_LEVEL),
        pre,
        added);
  }

  private static Tokenizer build(
      Vocabulary vocabulary, Patterns.Named pre, List<AddedTokens.Token> added) {
    int[] bytes = new int[256];
    for (int b = 0; b < 256; b++) {
      bytes[b] = vocabulary.id(String.valueOf(ByteLevel.charOf(b)));
    }
    Bpe model =
        new Bpe(vocabulary, new Bpe.Rules(Merges.byId(vocabulary), true, bytes, -1, false, true));
    int eot = Specials.endOfTurn(vocabulary);
    Set<Integer> ends = Specials.endOfGeneration(vocabulary, eot);
    Specials specials = new Specials(-1, eot, eot, new int[0], new int[0], ends);
    AddedTokens none = new AddedTokens(vocabulary.file(), List.of());
    return new Pipeline(
        vocabulary,
        specials,
        new Pipeline.Stages(
            new AddedTokens(vocabulary.file(), added),
            Normalizer.none(),
            none,
            pre.preTokenizer(),
            model,
            false));
  }

  private static List<Ranked> ranks(Path path, String file) {
    List<Ranked> ranks = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(Source.open(path), StandardCharsets.ISO_8859_1))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          continue;
        }
        int space = Math.max(line.indexOf(' '), line.indexOf('\t'));
        try {
          byte[] bytes = Base64.getDecoder().decode(line.substring(0, Math.max(0, space)));
          if (bytes.length == 0) {
            throw new IllegalArgumentException("no token before the space");
          }
          ranks.add(new Ranked(bytes, Integer.parseInt(line.substring(space + 1).strip())));
        } catch (IllegalArgumentException e) {
          String shown = line.length() > 80 ? line.substring(0, 80) + "..." : line;
          throw new FormatException(
              file,
              -1,
              "line "
                  + (ranks.size() + 1)
                  + " is '"
                  + shown
                  + "', expected a token in base64, a space and its rank",
              e);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    }
    return ranks;
  }

  private static int checked(String file, int id, int count) {
    if (id < 0 || id > 2L * count + 100_000) {
      throw new FormatException(
          file,
          -1,
          "a token has rank "
              + id
              + ", expected 0 or more and near the "
              + count
              + " tokens there are");
    }
    return id;
  }
}
