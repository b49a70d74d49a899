package dev.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.format.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HfJsonTest {
  private static final String SPACES_AS_MARKS =
      """
      {"added_tokens": [
         {"id": 0, "content": "<unk>", "special": true, "normalized": false},
         {"id": 1, "content": "<s>", "special": true, "normalized": false},
         {"id": 12, "content": "<tool>", "special": false, "normalized": false, "lstrip": true, "rstrip": true},
         {"id": 13, "content": "AI", "special": false, "normalized": false, "single_word": true}],
       "normalizer": {"type": "Sequence", "normalizers": [
         {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
       "pre_tokenizer": null,
       "post_processor": {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
       "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
         {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
       "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
         "vocab": {"<unk>": 0, "<s>": 1, "<0xC3>": 2, "<0xA9>": 3, "▁": 4, "a": 5, "b": 6, "ab": 7, "▁ab": 8, "A": 9, "I": 10, "x": 11},
         "merges": ["a b", ["▁", "ab"]]}}
      """;

  @TempDir private Path folder;

  @Test
  void bytePairsOverCharacters() throws IOException {
    Tokenizer tokenizer = read(SPACES_AS_MARKS);
    assertThat(tokenizer.encode("ab a", true, false)).containsExactly(1, 8, 4, 5);
    assertThat(tokenizer.encode("é")).containsExactly(4, 2, 3);
    assertThat(tokenizer.encode("日本a")).containsExactly(4, 0, 5);
    assertThat(tokenizer.decode(tokenizer.encode("ab éa"))).isEqualTo("ab éa");
    assertThat(tokenizer.bos()).hasValue(1);
  }

  @Test
  void addedTokensTakeWhitespaceAlongAndStandAlone() throws IOException {
    Tokenizer tokenizer = read(SPACES_AS_MARKS);
    assertThat(tokenizer.encode("ab  <tool> \n ab")).containsExactly(8, 12, 8);
    assertThat(tokenizer.encode("AI")).containsExactly(13);
    assertThat(tokenizer.encode("xAI")).containsExactly(4, 11, 9, 10);
    assertThat(tokenizer.encode("<s>", false, true)).containsExactly(1);
    assertThat(tokenizer.encode("<s>", false, false)).doesNotContain(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'type':'Whitespace'}; Hi, you!  ok; Hi|,|you|!|ok",
        "{'type':'WhitespaceSplit'}; Hi, you ; Hi,|you",
        "{'type':'BertPreTokenizer'}; Hi, you$; Hi|,|you|$",
        "{'type':'Punctuation'}; a,,b; a|,|,|b",
        "{'type':'Digits','individual_digits':true}; a12; a|1|2",
        "{'type':'Digits','individual_digits':false}; a12b; a|12|b",
        "{'type':'CharDelimiterSplit','delimiter':'-'}; a-b--c; a|b|c",
        "{'type':'Split','pattern':{'String':'.'},'behavior':'MergedWithPrevious'}; a.b..c;"
            + " a.|b.|.|c",
        "{'type':'Split','pattern':{'String':'.'},'behavior':'MergedWithNext'}; a.b..c; a|.b|.|.c",
        "{'type':'Split','pattern':{'String':'.'},'behavior':'Contiguous'}; a.b..c; a|.|b|..|c",
        "{'type':'Split','pattern':{'String':'.'},'behavior':'Removed'}; a.b..c; a|b|c",
        "{'type':'Split','pattern':{'Regex':'[a-z]+'},'behavior':'Removed','invert':true}; a1bc2;"
            + " a|bc",
        "{'type':'Metaspace','prepend_scheme':'always'}; a  b; ▁a|▁|▁b",
        "{'type':'Metaspace','prepend_scheme':'never','split':false}; a b; a▁b",
        "{'type':'FixedLength','length':2}; abc; ab|c"
      })
  void preTokenizersCutAsTheirNamesSay(String json, String text, String pieces) {
    PreTokenizer cut =
        new HfParts("t")
            .preTokenizer(
                tools.jackson.databind.json.JsonMapper.builder()
                    .build()
                    .readTree(json.replace('\'', '"')));
    List<String> found = new ArrayList<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    cut.split(
        bytes,
        0,
        bytes.length,
        true,
        (t, from, to, first) -> found.add(new String(t, from, to - from, StandardCharsets.UTF_8)));
    assertThat(String.join("|", found)).isEqualTo(pieces);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'type':'NFC'}; e\u0301; é",
        "{'type':'NFKC'}; ﬁ１; fi1",
        "{'type':'Sequence','normalizers':[{'type':'NFD'},{'type':'StripAccents'},{'type':'Lowercase'}]};"
            + " ÉA; ea",
        "{'type':'BertNormalizer'}; Àb中; ab 中 ",
        "{'type':'Replace','pattern':{'Regex':' {2,}'},'content':' '}; a   b; a b"
      },
      ignoreLeadingAndTrailingWhitespace = false)
  void normalizersChangeAsTheirNamesSay(String json, String text, String expected) {
    Normalizer normalizer =
        new HfParts("t")
            .normalizer(
                tools.jackson.databind.json.JsonMapper.builder()
                    .build()
                    .readTree(json.strip().replace('\'', '"')));
    assertThat(normalizer.apply(text.substring(1))).isEqualTo(expected.substring(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "not json; JSON",
        "{}; no tokens",
        "{'model': {'type':'BPE','vocab':{'a':2000000000},'merges':[]}}; has id 2000000000",
        "{'model': {'type':'BPE','vocab':{'a':'b'},'merges':[]}}; the id of 'a'",
        "{'model': {'type':'BPE','vocab':{'a':0},'merges':['a']}}; two tokens",
        "{'model': {'type':'Martian','vocab':{'a':0}}}; Martian",
        "{'pre_tokenizer':{'type':'Sifter'},'model':{'type':'BPE','vocab':{'a':0},'merges':[]}};"
            + " Sifter",
        "{'pre_tokenizer':{'type':'Split','pattern':{'Regex':'(?<=a)b'}},'model':{'type':'BPE','vocab':{'a':0},'merges':[]}};"
            + " (?<",
        "{'post_processor':{'type':'BertProcessing','cls':['x',9],'sep':['y',0]},'model':{'type':'BPE','vocab':{'a':0},'merges':[]}};"
            + " token 9"
      })
  void brokenFilesSayWhatIsWrong(String json, String reason) {
    assertThatThrownBy(() -> read(json.replace('\'', '"')))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("tokenizer.json")
        .hasMessageContaining(reason);
  }

  @Test
  void damagedFilesEndInAFormatException() throws IOException {
    Random random = new Random(9);
    byte[] whole = SPACES_AS_MARKS.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 1000; i++) {
      byte[] damaged = whole.clone();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        damaged[random.nextInt(damaged.length)] =
            (byte)
                (random.nextBoolean()
                    ? random.nextInt(256)
                    : "{}[]\",:0-9ab".charAt(random.nextInt(12)));
      }
      Path file = Files.write(folder.resolve("tokenizer.json"), damaged);
      try {
        Tokenizers.fromJson(file).encode("ab é <s> 日本", true, true);
      } catch (FormatException expected) {
        assertThat(expected).hasMessageStartingWith("tokenizer.json");
      }
    }
  }

  private Tokenizer read(String json) throws IOException {
    return Tokenizers.fromJson(Files.writeString(folder.resolve("tokenizer.json"), json));
  }
}
