package dev.hadal.tokenizer;

import dev.hadal.format.FormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Builds a tokenizer from a {@code tokenizer.json}, and from {@code tokenizer_config.json} what
 * only that one says.
 */
final class HfVocabulary {
  private static final List<String> BEGIN =
      List.of(
          "<|begin_of_text|>",
          "<｜begin▁of▁sentence｜>",
          "<s>",
          "<bos>",
          "<|startoftext|>",
          "[gMASK]",
          "[CLS]");
  private static final List<String> END =
      List.of(
          "<|end_of_text|>",
          "<｜end▁of▁sentence｜>",
          "</s>",
          "<eos>",
          "<|endoftext|>",
          "<|im_end|>",
          "[SEP]");

  private final HfJson json;
  private final String file;
  private final HfParts parts;
  private final JsonNode config;
  private final Vocabulary vocabulary;

  private HfVocabulary(HfJson json, JsonNode config) {
    this.json = json;
    this.file = json.file();
    this.parts = new HfParts(file);
    this.config = config;
    this.vocabulary = vocabulary();
  }

  static Tokenizer read(Path tokenizer, @Nullable Path config) {
    HfJson json = HfJson.read(tokenizer);
    return new HfVocabulary(
            json, config == null ? JsonNodeFactory.instance.objectNode() : HfJson.tree(config))
        .build();
  }

  private Tokenizer build() {
    Specials specials = specials();
    Normalizer normalizer = parts.normalizer(json.part("normalizer"));
    PreTokenizer preTokenizer = parts.preTokenizer(json.part("pre_tokenizer"));
    String type = modelType();
    Model model =
        switch (type) {
          case "BPE" -> bytePairs();
          case "Unigram" -> unigram();
          case "WordPiece" -> wordPiece();
          default ->
              throw new FormatException(
                  file,
                  -1,
                  "the model type '" + type + "' is unknown; known are BPE, Unigram, WordPiece");
        };
    if (type.equals("BPE")
        && vocabulary.spelling() == Vocabulary.Spelling.META
        && !json.modelFlag("ignore_merges")) {
      preTokenizer =
          PreTokenizer.sequence(List.of(preTokenizer, GgufVocabulary.wordsApart(vocabulary)));
    }
    List<AddedTokens.Token> plain = new ArrayList<>();
    List<AddedTokens.Token> normalized = new ArrayList<>();
    for (JsonNode added : addedTokens()) {
      boolean late = added.path("normalized").asBoolean(false) && json.part("normalizer") != null;
      String text = parts.text(added, "content");
      (late ? normalized : plain)
          .add(
              new AddedTokens.Token(
                  late ? normalizer.apply(text) : text,
                  vocabulary.id(text),
                  isControl(vocabulary.id(text)),
                  added.path("single_word").asBoolean(false),
                  added.path("lstrip").asBoolean(false),
                  added.path("rstrip").asBoolean(false)));
    }
    Pipeline.Stages stages =
        new Pipeline.Stages(
            new AddedTokens(file, plain),
            normalizer,
            new AddedTokens(file, normalized),
            preTokenizer,
            model,
            stripsLeadingSpace());
    return new Pipeline(vocabulary, specials, stages);
  }

  private boolean isControl(int id) {
    return id >= 0 && vocabulary.kind(id) == Vocabulary.Kind.CONTROL;
  }

  private String modelType() {
    JsonNode type = json.model("type");
    if (type != null) {
      return type.asString("");
    }
    return !json.merges().isEmpty() ? "BPE" : json.hasScores() ? "Unigram" : "WordPiece";
  }

  private Vocabulary vocabulary() {
    int size = 0;
    int count = json.tokens().size() + addedTokens().size();
    for (int i = 0; i < json.tokens().size(); i++) {
      size = Math.max(size, checkedId(json.id(i), count, json.tokens().get(i)) + 1);
    }
    for (JsonNode added : addedTokens()) {
      size =
          Math.max(
              size, checkedId(added.path("id").asInt(-1), count, parts.text(added, "content")) + 1);
    }
    String[] tokens = new String[size];
    Arrays.fill(tokens, "");
    Vocabulary.Kind[] kinds = new Vocabulary.Kind[size];
    Arrays.fill(kinds, Vocabulary.Kind.UNUSED);
    double[] scores = new double[json.hasScores() ? size : 0];
    boolean bytes = json.modelFlag("byte_fallback");
    for (int i = 0; i < json.tokens().size(); i++) {
      String token = json.tokens().get(i);
      int id = json.id(i);
      tokens[id] = token;
      kinds[id] =
          bytes && Vocabulary.byteValue(token) >= 0 ? Vocabulary.Kind.BYTE : Vocabulary.Kind.NORMAL;
      if (scores.length > 0) {
        scores[id] = json.score(i);
      }
    }
    Vocabulary plain = new Vocabulary(file, tokens, kinds, scores, spelling());
    boolean grown = false;
    for (JsonNode added : addedTokens()) {
      String content = parts.text(added, "content");
      // A token the model has too keeps the model's number.
      int known = plain.id(content);
      int id = known >= 0 ? known : added.path("id").asInt(-1);
      tokens[id] = content;
      kinds[id] =
          added.path("special").asBoolean(false)
              ? Vocabulary.Kind.CONTROL
              : Vocabulary.Kind.USER_DEFINED;
      grown |= known < 0;
    }
    return grown ? new Vocabulary(file, tokens, kinds, scores, spelling()) : plain;
  }

  private int checkedId(int id, int count, String token) {
    if (id < 0 || id > 2L * count + 100_000) {
      throw new FormatException(
          file,
          -1,
          "token '"
              + token
              + "' has id "
              + id
              + ", expected 0 or more and near the "
              + count
              + " tokens there are");
    }
    return id;
  }

  private List<JsonNode> addedTokens() {
    JsonNode added = json.part("added_tokens");
    return added == null ? List.of() : added.valueStream().toList();
  }

  private Vocabulary.Spelling spelling() {
    if (modelType().equals("WordPiece")) {
      return Vocabulary.Spelling.WORD_PIECE;
    }
    for (String name : List.of("pre_tokenizer", "decoder", "normalizer")) {
      if (mentions(json.part(name), "\"ByteLevel\"")) {
        return Vocabulary.Spelling.BYTE_LEVEL;
      }
    }
    for (String name : List.of("pre_tokenizer", "decoder", "normalizer")) {
      if (mentions(json.part(name), "▁")) {
        return Vocabulary.Spelling.META;
      }
    }
    return Vocabulary.Spelling.PLAIN;
  }

  private static boolean mentions(@Nullable JsonNode node, String text) {
    return node != null && node.toString().contains(text);
  }

  private Model bytePairs() {
    for (String name : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      JsonNode mark = json.model(name);
      if (mark != null && !mark.asString("").isEmpty()) {
        throw new FormatException(
            file,
            -1,
            "the BPE model has the "
                + name
                + " "
                + mark
                + "; models that mark words so are not supported");
      }
    }
    Merges merges = new Merges(vocabulary, json.merges().size());
    for (int rank = 0; rank < json.merges().size(); rank++) {
      merges.add(json.merges().get(rank), json.skip(rank), rank);
    }
    boolean byteLevel = vocabulary.spelling() == Vocabulary.Spelling.BYTE_LEVEL;
    int[] bytes = new int[256];
    for (int b = 0; b < 256; b++) {
      bytes[b] =
          byteLevel
              ? vocabulary.id(String.valueOf(ByteLevel.charOf(b)))
              : json.modelFlag("byte_fallback") ? vocabulary.byteToken(b) : -1;
    }
    return new Bpe(
        vocabulary,
        new Bpe.Rules(
            merges,
            byteLevel,
            bytes,
            unknown(),
            json.modelFlag("fuse_unk"),
            json.modelFlag("ignore_merges")));
  }

  private Model unigram() {
    int[] bytes = new int[256];
    for (int b = 0; b < 256; b++) {
      bytes[b] = json.modelFlag("byte_fallback") ? vocabulary.byteToken(b) : -1;
    }
    JsonNode unknown = json.model("unk_id");
    int id = unknown == null ? -1 : unknown.asInt(-1);
    return new Unigram(vocabulary, bytes, id < vocabulary.size() ? id : -1);
  }

  private Model wordPiece() {
    JsonNode prefix = json.model("continuing_subword_prefix");
    JsonNode longest = json.model("max_input_chars_per_word");
    return new WordPiece(
        vocabulary,
        "",
        prefix == null ? "##" : prefix.asString("##"),
        unknown(),
        longest == null ? 100 : longest.asInt(100));
  }

  private int unknown() {
    JsonNode unknown = json.model("unk_token");
    return unknown == null ? -1 : vocabulary.id(unknown.asString(""));
  }

  private boolean stripsLeadingSpace() {
    JsonNode decoder = json.part("decoder");
    return decoder != null && stripsLeadingSpace(decoder, 0);
  }

  private boolean stripsLeadingSpace(JsonNode decoder, int depth) {
    return switch (decoder.path("type").asString("")) {
      case "WordPiece" -> true;
      case "Metaspace" -> parts.prepend(decoder) != PreTokenizers.Prepend.NEVER;
      case "Strip" ->
          decoder.path("content").asString("").equals(" ") && decoder.path("start").asInt(0) > 0;
      case "Sequence" ->
          depth < 20
              && decoder
                  .path("decoders")
                  .valueStream()
                  .anyMatch(part -> stripsLeadingSpace(part, depth + 1));
      default -> false;
    };
  }

  private Specials specials() {
    IntList before = new IntList();
    IntList after = new IntList();
    JsonNode processor = json.part("post_processor");
    if (processor != null) {
      frame(processor, before, after, 0);
    }
    int bos =
        configured("bos_token", before.size() > 0 ? vocabulary.token(before.get(0)) : null, BEGIN);
    int eos = configured("eos_token", null, END);
    // Llama's and Gemma's tokenizer classes make the frame anew from these two flags.
    String tokenizerClass = config.path("tokenizer_class").asString("");
    if (tokenizerClass.contains("Llama") || tokenizerClass.contains("Gemma")) {
      override("add_bos_token", bos, before);
      override("add_eos_token", eos, after);
    }
    int eot = Specials.endOfTurn(vocabulary);
    Set<Integer> ends = Specials.endOfGeneration(vocabulary, eos, eot, vocabulary.id("<|eom_id|>"));
    return new Specials(bos, eos, eot, before.toArray(), after.toArray(), ends);
  }

  private void override(String key, int id, IntList frame) {
    if (config.path(key).isBoolean()) {
      frame.truncate(0);
      if (config.path(key).asBoolean() && id >= 0) {
        frame.add(id);
      }
    }
  }

  private int configured(String key, @Nullable String otherwise, List<String> names) {
    JsonNode node = config.path(key);
    String name =
        node.isObject()
            ? node.path("content").asString("")
            : node.isString() ? node.asString() : "";
    if (!name.isEmpty()) {
      return vocabulary.id(name);
    }
    if (config.has(key)) {
      return -1;
    }
    if (otherwise != null) {
      return vocabulary.id(otherwise);
    }
    return names.stream().mapToInt(vocabulary::id).filter(id -> id >= 0).findFirst().orElse(-1);
  }

  private void frame(JsonNode processor, IntList before, IntList after, int depth) {
    String type = processor.path("type").asString("");
    switch (type) {
      case "Sequence" -> {
        if (depth < 20) {
          processor
              .path("processors")
              .valueStream()
              .forEach(part -> frame(part, before, after, depth + 1));
        }
      }
      case "TemplateProcessing" -> {
        boolean seen = false;
        for (JsonNode piece : processor.path("single")) {
          if (piece.has("Sequence")) {
            seen = true;
            continue;
          }
          String name = piece.path("SpecialToken").path("id").asString("");
          IntList side = seen ? after : before;
          for (JsonNode id : processor.path("special_tokens").path(name).path("ids")) {
            side.add(framed(id));
          }
        }
      }
      case "BertProcessing", "RobertaProcessing" -> {
        before.add(framed(processor.path("cls").path(1)));
        after.add(framed(processor.path("sep").path(1)));
      }
      case "ByteLevel" -> {}
      default ->
          throw new FormatException(
              file,
              -1,
              "the post-processor '" + type + "' is unknown; a newer version may know it");
    }
  }

  private int framed(JsonNode id) {
    if (!id.isInt() || id.asInt() < 0 || id.asInt() >= vocabulary.size()) {
      throw new FormatException(
          file,
          -1,
          "the post-processor adds token "
              + id
              + ", the vocabulary has ids 0 to "
              + (vocabulary.size() - 1));
    }
    return id.asInt();
  }
}
