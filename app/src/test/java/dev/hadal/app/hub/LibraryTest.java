package dev.hadal.app.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LibraryTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path home;

  @Test
  void whatAnotherToolFetchedIsFound() throws IOException {
    CacheFolder repo = fetched("Qwen/Qwen3-0.6B-GGUF", "Qwen3-0.6B-Q8_0.gguf", "aa");
    fetched("Qwen/Qwen3-0.6B-GGUF", "Qwen3-0.6B-Q4_K_M.gguf", "bbb");

    assertThat(found("hf.co/Qwen/Qwen3-0.6B-GGUF:q8_0"))
        .isEqualTo(repo.file(COMMIT, "Qwen3-0.6B-Q8_0.gguf"))
        .hasContent("aa");
    assertThat(found("Qwen/Qwen3-0.6B-GGUF@" + COMMIT + ":Q4_K_M")).hasContent("bbb");
    assertThat(library().list())
        .extracting(e -> e.name().typed())
        .containsExactlyInAnyOrder(
            "hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0", "hf.co/Qwen/Qwen3-0.6B-GGUF:Q4_K_M");
    assertThat(library().find(ModelName.of("Qwen/Qwen3-1.7B-GGUF"))).isEmpty();
    assertThatThrownBy(() -> found("Qwen/Qwen3-0.6B-GGUF:Q6_K"))
        .hasMessageContaining("has no 'Q6_K'; nearest: Q8_0")
        .hasMessageContaining("hadal pull hf.co/Qwen/Qwen3-0.6B-GGUF:Q6_K");
  }

  @Test
  void aFolderOfWeightsIsOpenedAsOne() throws IOException {
    CacheFolder repo = fetched("a/b", "config.json", "{}");
    fetched("a/b", "model.safetensors", "weights");

    assertThat(found("a/b")).isEqualTo(repo.snapshot(COMMIT));
  }

  @Test
  void whatIsRemovedTakesOnlyItsOwnContentsWithIt() throws IOException {
    CacheFolder repo = fetched("a/b", "m-Q8_0.gguf", "aa");
    fetched("a/b", "m-Q4_K_M.gguf", "bbb");
    repo.link("fedcba9876543210fedcba9876543210fedcba98", "m-Q8_0.gguf", "aa".repeat(20));

    assertThat(library().remove(ModelName.of("a/b:Q4_K_M"))).contains(3L);
    assertThat(library().remove(ModelName.of("a/b:Q8_0"))).contains(0L);
    assertThat(repo.blob("aa".repeat(20))).exists();
    assertThat(library().remove(ModelName.of("a/b")))
        .hasValueSatisfying(b -> assertThat(b).isPositive());
    assertThat(repo.path()).doesNotExist();
    assertThat(library().remove(ModelName.of("a/b"))).isEmpty();
  }

  @Test
  void aCopyOutlivesWhatItIsACopyOf() throws IOException {
    fetched("a/b", "m-Q8_0.gguf", "aa");
    Path model = found("a/b:Q8_0");

    library().copy(model, "mine");
    library().copy(found("mine"), "mine:v2");
    library().remove(ModelName.of("a/b"));

    assertThat(found("mine")).hasContent("aa");
    assertThat(library().list())
        .extracting(e -> e.name().typed())
        .containsExactlyInAnyOrder("mine:latest", "mine:v2");
    library().remove(ModelName.of("mine"));
    assertThat(found("mine:v2")).hasContent("aa");
    assertThat(library().find(ModelName.of("mine"))).isEmpty();
  }

  @Test
  void aFolderOfWeightsIsCopiedWithWhatBelongsToIt() throws IOException {
    fetched("a/b", "config.json", "{}");
    fetched("a/b", "model.safetensors", "weights");

    library().copy(found("a/b"), "mine");

    assertThat(found("mine").resolve("config.json")).hasContent("{}");
    assertThat(found("mine").resolve("model.safetensors")).hasContent("weights");
  }

  @Test
  void aCopyHasAPlainName() throws IOException {
    fetched("a/b", "m-Q8_0.gguf", "aa");
    for (String name :
        new String[] {"../mine", "a/mine", "hf.co/a/mine", "", "mine:../x", "/etc"}) {
      assertThatThrownBy(() -> library().copy(found("a/b"), name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aLinkOutOfTheRepositoryIsNotFollowedByRemoval() throws IOException {
    Path mine = Files.writeString(home.resolve("mine.gguf"), "mine");
    CacheFolder repo = fetched("a/b", "m-Q8_0.gguf", "aa");
    Files.createSymbolicLink(repo.file(COMMIT, "m-Q4_K_M.gguf"), mine);

    library().remove(ModelName.of("a/b:Q4_K_M"));
    library().remove(ModelName.of("a/b"));

    assertThat(mine).hasContent("mine");
    assertThat(repo.path()).doesNotExist();
  }

  @Test
  void theCacheIsWhereTheFieldsVariablesSay() {
    assertThat(settings(Map.of()).hubCache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(settings(Map.of("XDG_CACHE_HOME", "/c")).hubCache())
        .isEqualTo(Path.of("/c/huggingface/hub"));
    assertThat(settings(Map.of("HF_HOME", "~/hf")).hubCache()).isEqualTo(home.resolve("hf/hub"));
    assertThat(settings(Map.of("HF_HOME", "/hf", "HF_HUB_CACHE", "/h")).hubCache())
        .isEqualTo(Path.of("/h"));
    assertThat(settings(Map.of("HF_HUB_OFFLINE", "1")).offline()).isTrue();
    assertThat(settings(Map.of("HF_HUB_OFFLINE", "0")).offline()).isFalse();
    assertThat(settings(Map.of("HF_ENDPOINT", "https://mirror.example/")).huggingFace())
        .hasToString("https://mirror.example");
    assertThatThrownBy(() -> settings(Map.of("HF_ENDPOINT", "::")))
        .hasMessageContaining("HF_ENDPOINT is '::'");
  }

  @Test
  void theTokenIsFoundAndNeverShown() throws IOException {
    Files.createDirectories(home.resolve(".cache/huggingface"));
    Files.writeString(home.resolve(".cache/huggingface/token"), "hf_file\n");

    assertThat(settings(Map.of()).token()).map(Secret::value).contains("hf_file");
    HubSettings named = settings(Map.of("HF_TOKEN", "hf_variable"));
    assertThat(named.token()).map(Secret::value).contains("hf_variable");
    assertThat(named.toString()).doesNotContain("hf_variable").contains("from HF_TOKEN");
  }

  private Path found(String name) throws IOException {
    return library().find(ModelName.of(name)).orElseThrow().path();
  }

  private Library library() {
    return new Library(settings(Map.of()));
  }

  private HubSettings settings(Map<String, String> environment) {
    return HubSettings.of(environment, home, home.resolve(".cache/hadal/hub"));
  }

  /** As another tool leaves it. */
  private CacheFolder fetched(String id, String file, String content) throws IOException {
    CacheFolder repo = CacheFolder.of(settings(Map.of()), ModelName.of(id));
    String etag = content.equals("aa") ? "aa".repeat(20) : "%040x".formatted(content.hashCode());
    Files.createDirectories(repo.blobs());
    Files.writeString(repo.blob(etag), content);
    repo.link(COMMIT, file, etag);
    repo.setRef("main", COMMIT);
    return repo;
  }
}
