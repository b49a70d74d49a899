package dev.hadal.tokenizer;

import dev.hadal.format.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The content of a Hugging Face {@code tokenizer.json}. Vocabulary and merges, which are nearly all
 * of it, are streamed into arrays; the rest is a small tree.
 */
final class HfJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final String file;
  private final Map<String, JsonNode> parts = new HashMap<>();
  private final Map<String, JsonNode> model = new HashMap<>();
  private final List<String> tokens = new ArrayList<>();
  private final IntList ids = new IntList();
  private final List<Double> scores = new ArrayList<>();

  /** "left right", with {@link #skips} saying where the space between them is. */
  private final List<String> merges = new ArrayList<>();

  private final IntList skips = new IntList();

  private HfJson(String file) {
    this.file = file;
  }

  /**
   * Reads a file, plain or gzip.
   *
   * @throws FormatException when it is no JSON or its vocabulary has another form than it should
   */
  static HfJson read(Path path) {
    HfJson json = new HfJson(path.getFileName().toString());
    try (InputStream in = Source.open(path);
        JsonParser parser = MAPPER.createParser(in)) {
      json.document(parser);
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    } catch (JacksonException e) {
      throw json.broken(e);
    }
    return json;
  }

  /** A small JSON file as a tree. */
  static JsonNode tree(Path path) {
    try (InputStream in = Source.open(path)) {
      return MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    } catch (JacksonException e) {
      throw new HfJson(path.getFileName().toString()).broken(e);
    }
  }

  String file() {
    return file;
  }

  /** A top-level part other than the model; null when absent or null. */
  @Nullable JsonNode part(String name) {
    return present(parts.get(name));
  }

  /** A setting of the model; null when absent or null. */
  @Nullable JsonNode model(String name) {
    return present(model.get(name));
  }

  boolean modelFlag(String name) {
    JsonNode node = model(name);
    return node != null && node.asBoolean(false);
  }

  /** Tokens in the file's order, with {@link #id} and {@link #score} by position. */
  List<String> tokens() {
    return tokens;
  }

  int id(int position) {
    return ids.get(position);
  }

  /** Zero for a model without scores. */
  double score(int position) {
    return scores.isEmpty() ? 0.0 : scores.get(position);
  }

  boolean hasScores() {
    return !scores.isEmpty();
  }

  List<String> merges() {
    return merges;
  }

  int skip(int merge) {
    return skips.get(merge);
  }

  private static @Nullable JsonNode present(@Nullable JsonNode node) {
    return node == null || node.isNull() ? null : node;
  }

  private void document(JsonParser parser) {
    expect(parser.nextToken(), JsonToken.START_OBJECT, parser, "the file");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("model") && value == JsonToken.START_OBJECT) {
        model(parser);
      } else {
        parts.put(name, parser.readValueAsTree());
      }
    }
  }

  private void model(JsonParser parser) {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("vocab") && value == JsonToken.START_OBJECT) {
        vocabularyById(parser);
      } else if (name.equals("vocab") && value == JsonToken.START_ARRAY) {
        vocabularyWithScores(parser);
      } else if (name.equals("merges") && value == JsonToken.START_ARRAY) {
        merges(parser);
      } else {
        model.put(name, parser.readValueAsTree());
      }
    }
  }

  private void vocabularyById(JsonParser parser) {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String token = parser.currentName();
      expect(parser.nextToken(), JsonToken.VALUE_NUMBER_INT, parser, "the id of '" + token + "'");
      tokens.add(token);
      ids.add(parser.getIntValue());
    }
  }

  private void vocabularyWithScores(JsonParser parser) {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(
          parser.currentToken(),
          JsonToken.START_ARRAY,
          parser,
          "vocabulary entry " + tokens.size());
      expect(
          parser.nextToken(),
          JsonToken.VALUE_STRING,
          parser,
          "the token of vocabulary entry " + tokens.size());
      String token = parser.getString();
      JsonToken score = parser.nextToken();
      if (score != JsonToken.VALUE_NUMBER_FLOAT) {
        expect(score, JsonToken.VALUE_NUMBER_INT, parser, "the score of '" + token + "'");
      }
      ids.add(tokens.size());
      tokens.add(token);
      scores.add(parser.getDoubleValue());
      expect(
          parser.nextToken(),
          JsonToken.END_ARRAY,
          parser,
          "the end of vocabulary entry " + (tokens.size() - 1));
    }
  }

  private void merges(JsonParser parser) {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.VALUE_STRING) {
        String line = parser.getString();
        int space = line.indexOf(' ', 1);
        if (space < 0 || space + 1 == line.length()) {
          throw wrong(
              parser,
              "merge "
                  + merges.size()
                  + " is '"
                  + line
                  + "', expected two tokens with a space between");
        }
        merges.add(line);
        skips.add(space);
      } else {
        expect(parser.currentToken(), JsonToken.START_ARRAY, parser, "merge " + merges.size());
        expect(
            parser.nextToken(),
            JsonToken.VALUE_STRING,
            parser,
            "the left of merge " + merges.size());
        String left = parser.getString();
        expect(
            parser.nextToken(),
            JsonToken.VALUE_STRING,
            parser,
            "the right of merge " + merges.size());
        merges.add(left + " " + parser.getString());
        skips.add(left.length());
        expect(
            parser.nextToken(),
            JsonToken.END_ARRAY,
            parser,
            "the end of merge " + (merges.size() - 1));
      }
    }
  }

  private void expect(
      @Nullable JsonToken found, JsonToken expected, JsonParser parser, String what) {
    if (found != expected) {
      throw wrong(parser, what + " is " + found + ", expected " + expected);
    }
  }

  private FormatException wrong(JsonParser parser, String reason) {
    return new FormatException(file, parser.currentLocation().getByteOffset(), reason);
  }

  private FormatException broken(JacksonException e) {
    long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
    return new FormatException(
        file, offset, "not the JSON it should be: " + e.getOriginalMessage(), e);
  }
}
