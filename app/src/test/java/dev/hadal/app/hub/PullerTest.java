package dev.hadal.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

final class PullerTest {
  private static final byte[] MODEL = FakeHub.model(1_000_003, 1);
  private static final String NAME = "hf.co/org/repo:Q8_0";

  @TempDir private Path home;

  private final List<Duration> slept = Collections.synchronizedList(new ArrayList<>());
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, String> environment = new HashMap<>();
  private FakeHub hub;
  private long begun;

  @BeforeEach
  void start() throws IOException {
    hub = new FakeHub().with("m-Q8_0.gguf", MODEL).with("m-Q4_K_M.gguf", FakeHub.model(5_000, 2));
    environment.put("HF_ENDPOINT", hub.address().toString());
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void whatIsFetchedLiesAsOtherToolsExpectIt() throws IOException {
    Library.Entry entry = pull(NAME);

    Path repo = home.resolve(".cache/huggingface/hub/models--org--repo");
    Path blob = repo.resolve("blobs").resolve(Checksums.sha256(MODEL));
    assertThat(entry.path())
        .isEqualTo(repo.resolve("snapshots/" + FakeHub.COMMIT + "/m-Q8_0.gguf"))
        .hasBinaryContent(MODEL);
    assertThat(Files.readSymbolicLink(entry.path())).isRelative();
    assertThat(entry.path().toRealPath()).isEqualTo(blob.toRealPath());
    assertThat(repo.resolve("refs/main")).hasContent(FakeHub.COMMIT);
    assertThat(CacheFolder.names(repo.resolve("blobs"))).hasSize(1);
    assertThat(begun).isEqualTo(MODEL.length);
  }

  @Test
  void whatIsHereIsNotFetchedAgain() throws IOException {
    pull(NAME);
    hub.forget();

    pull(NAME);

    assertThat(hub.requests()).hasSize(1).allMatch(r -> r.path().startsWith("/api/models/"));
  }

  @Test
  void chunksComeByRangesAndTheHubIsAskedOnceWhereTheyAre() throws IOException {
    pull(NAME);

    assertThat(hub.requests())
        .filteredOn(r -> r.server().equals("store"))
        .hasSize(16)
        .allMatch(r -> r.range().startsWith("bytes="));
    assertThat(hub.requests())
        .filteredOn(r -> r.path().contains("/resolve/"))
        .hasSizeLessThanOrEqualTo(3); // one a connection
  }

  @Test
  void theTokenGoesToTheHubAndToNobodyElse() throws IOException {
    environment.put("HF_TOKEN", "hf_secret");
    hub.gatedBy("hf_secret");

    pull(NAME);

    assertThat(hub.requests())
        .filteredOn(r -> r.server().equals("hub"))
        .allMatch(r -> r.token().equals("Bearer hf_secret"));
    assertThat(hub.requests())
        .filteredOn(r -> r.server().equals("store"))
        .isNotEmpty()
        .allMatch(r -> r.token().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(
      value = FakeHub.Trouble.class,
      names = {"CUT", "BUSY", "BROKEN", "EXPIRED", "SILENT"})
  void whatPassesIsOutwaited(FakeHub.Trouble trouble) throws IOException {
    hub.troubled(trouble, 4);

    assertThat(pull(NAME).path()).hasBinaryContent(MODEL);
    assertThat(slept).isNotEmpty();
    if (trouble == FakeHub.Trouble.BUSY) {
      assertThat(slept).contains(Duration.ofSeconds(3));
    }
  }

  @Test
  void aServerWithoutRangesIsReadWhole() throws IOException {
    hub.troubled(FakeHub.Trouble.NO_RANGES, Integer.MAX_VALUE);

    assertThat(pull(NAME).path()).hasBinaryContent(MODEL);
  }

  @Test
  void whatWasBegunGoesOn() throws IOException {
    hub.troubled(FakeHub.Trouble.BROKEN, Integer.MAX_VALUE);
    assertThatThrownBy(() -> pull(NAME)).hasMessageContaining("what is here already stays");
    hub.troubled(FakeHub.Trouble.NONE, 0).forget();
    Path part = part();
    PartRecord record = PartRecord.open(Download.record(part), part, MODEL.length, 1 << 16);
    record.add(0);
    record.add(7);
    byte[] there = new byte[MODEL.length];
    System.arraycopy(MODEL, 0, there, 0, 1 << 16);
    System.arraycopy(MODEL, 7 << 16, there, 7 << 16, 1 << 16);
    Files.write(part, there);

    assertThat(pull(NAME).path()).hasBinaryContent(MODEL);
    assertThat(hub.requests()).filteredOn(r -> r.server().equals("store")).hasSize(14);
    assertThat(part).doesNotExist();
    assertThat(Download.record(part)).doesNotExist();
  }

  @Test
  void aWrongSumIsThrownAway() throws IOException {
    hub.statingWrongSums();

    assertThatThrownBy(() -> pull(NAME))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("m-Q8_0.gguf: what came has the checksum " + Checksums.sha256(MODEL))
        .hasMessageContaining("it was thrown away");
    CacheFolder folder = CacheFolder.of(settings(), ModelName.of(NAME));
    assertThat(CacheFolder.names(folder.blobs())).isEmpty();
    assertThat(new Library(settings()).find(ModelName.of(NAME))).isEmpty();
  }

  @Test
  void whatDoesNotFitIsNotBegun() {
    hub.statingSize(1L << 60);

    assertThatThrownBy(() -> pull(NAME))
        .hasMessageContaining("has room for")
        .hasMessageContaining("1,099,511,627,776 MiB are needed")
        .hasMessageContaining("hadal rm");
    assertThat(hub.requests()).noneMatch(r -> r.server().equals("store"));
  }

  @Test
  void refusalsSayWhatHelps() {
    hub.gatedBy("hf_right");
    assertThatThrownBy(() -> pull(NAME))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("hf.co/org/repo is gated: accept its terms at " + hub.address())
        .hasMessageContaining("set HF_TOKEN");
    environment.put("HF_TOKEN", "hf_wrong");
    assertThatThrownBy(() -> pull(NAME))
        .hasMessageContaining("the token from HF_TOKEN was not let in")
        .hasMessageNotContaining("hf_wrong");
    assertThatThrownBy(() -> pull("hf.co/org/nothing"))
        .hasMessageContaining("there is no repository hf.co/org/nothing, or it is private");
    assertThatThrownBy(() -> pull("org/repo@v9:Q8_0"))
        .hasMessageContaining("hf.co/org/repo has no revision 'v9'");
    assertThatThrownBy(() -> pull("org/repo:Q5_K_M"))
        .hasMessageContaining("hf.co/org/repo has no 'Q5_K_M'; nearest: Q4_K_M");
  }

  @Test
  void aHubThatStaysBusyIsAskedAFewTimesAsItWishes() {
    assertThatThrownBy(() -> pull("org/busy")).hasMessageContaining("asks to be asked less often");
    assertThat(slept).hasSize(5).containsOnly(Duration.ofSeconds(7));
    assertThat(said).anyMatch(s -> s.contains("trying again in 7 s"));
  }

  @Test
  void aHubThatCannotBeReachedIsNamed() {
    hub.close();

    assertThatThrownBy(() -> pull(NAME))
        .hasMessageContaining("cannot reach " + hub.address().getAuthority())
        .hasMessageContaining("--offline");
  }

  @Test
  void offlineNobodyIsAsked() throws IOException {
    environment.put("HF_HUB_OFFLINE", "1");
    assertThatThrownBy(() -> pull(NAME)).hasMessageContaining("nothing is fetched offline");
    environment.remove("HF_HUB_OFFLINE");
    Path path = pull(NAME).path();
    environment.put("HF_HUB_OFFLINE", "1");
    hub.forget();

    assertThat(pull(NAME).path()).isEqualTo(path);
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void aFolderOfSafetensorsComesWithAllThatBelongsToIt() throws IOException {
    hub.close();
    hub =
        new FakeHub()
            .with("README.md", new byte[10])
            .with("config.json", "{}".getBytes(UTF_8))
            .with("model.safetensors", FakeHub.model(70_000, 3))
            .with("empty.txt", new byte[0]);
    environment.put("HF_ENDPOINT", hub.address().toString());

    Path folder = pull("org/repo").path();

    assertThat(folder).isDirectory();
    assertThat(CacheFolder.names(folder))
        .containsExactly("config.json", "empty.txt", "model.safetensors");
    assertThat(folder.resolve("config.json")).hasContent("{}");
  }

  @Test
  void aMirrorThatListsOnlyNamesIsAskedForTheRest() throws IOException {
    hub.listingOnlyNames();

    assertThat(pull(NAME).path()).hasBinaryContent(MODEL);
    assertThat(hub.requests()).anyMatch(r -> r.method().equals("HEAD") && r.server().equals("hub"));
    CacheFolder folder = CacheFolder.of(settings(), ModelName.of(NAME));
    assertThat(CacheFolder.names(folder.blobs())).containsExactly(Checksums.sha256(MODEL));
  }

  @Test
  void aUrlIsOneFile() throws IOException {
    String url = hub.address() + "/org/repo/resolve/" + FakeHub.COMMIT + "/m-Q8_0.gguf";

    Library.Entry entry = pull(url);

    assertThat(entry.path()).hasBinaryContent(MODEL).hasFileName("m-Q8_0.gguf");
    assertThat(new Library(settings()).list()).containsExactly(entry);
    assertThatThrownBy(() -> pull(url + "#sha256=" + "1".repeat(64)))
        .hasMessageContaining("says 1111");
    assertThatThrownBy(() -> pull(hub.address() + "/nothing.gguf"))
        .hasMessageContaining("nothing is there");
    assertThat(new Library(settings()).remove(ModelName.of(url))).isPresent();
    assertThat(new Library(settings()).list()).isEmpty();
  }

  @Test
  void modelScopeIsAnotherHub() throws IOException {
    environment.put("MODELSCOPE_DOMAIN", hub.address().toString());

    Library.Entry entry = pull("modelscope.cn/org/repo:q8_0");

    assertThat(entry.path()).hasBinaryContent(MODEL);
    assertThat(entry.name().typed()).isEqualTo("modelscope.cn/org/repo:Q8_0");
    assertThat(new Library(settings()).list()).containsExactly(entry);
  }

  @Test
  void ollamasRegistryGivesTheWeightsOfAManifest() throws IOException {
    Library.Entry entry = pull("tale:1b");

    assertThat(entry.path()).hasBinaryContent(MODEL).hasFileName("tale-1b.gguf");
    assertThat(new Library(settings()).list()).containsExactly(entry);
    assertThatThrownBy(() -> pull("tale:7b"))
        .hasMessageContaining("Ollama's registry has no tale:7b")
        .hasMessageContaining("https://ollama.com/library/tale/tags");
    assertThat(new Library(settings()).remove(ModelName.of("tale:7b"))).isEmpty();
    assertThat(new Library(settings()).remove(ModelName.of("tale:1b"))).isPresent();
  }

  @Test
  void whatOllamaHasIsNotFetchedASecondTime() throws IOException {
    Path models = home.resolve(".ollama/models");
    Path blob = models.resolve("blobs/sha256-" + Checksums.sha256(MODEL));
    Path manifest = models.resolve("manifests/registry.ollama.ai/library/tale/1b");
    Files.createDirectories(blob.getParent());
    Files.createDirectories(manifest.getParent());
    Files.write(blob, MODEL);
    Files.writeString(manifest, JsonMapper.shared().writeValueAsString(hub.manifest()));

    assertThat(pull("tale:1b").path()).isEqualTo(blob);
    assertThat(hub.requests()).noneMatch(r -> r.server().equals("store"));
    assertThat(new Library(settings()).list()).extracting(Library.Entry::path).contains(blob);
    assertThatThrownBy(() -> new Library(settings()).remove(ModelName.of("tale:1b")))
        .hasMessageContaining("'ollama rm tale:1b'");
    assertThat(blob).exists();
  }

  @Test
  void aProxyIsAskedInsteadOfTheHub() {
    environment.put("HF_ENDPOINT", "http://hub.invalid");
    environment.put("http_proxy", "http://me:word@" + hub.address().getAuthority());

    assertThatThrownBy(() -> pull("org/nothing")).hasMessageContaining("there is no repository");
    assertThat(hub.requests())
        .isNotEmpty()
        .allMatch(r -> r.proxyLogin().startsWith("Basic ") && r.token().isEmpty());
  }

  private Library.Entry pull(String name) throws IOException {
    PullListener listener =
        new PullListener() {
          @Override
          public void begins(String what, long bytes) {
            begun = bytes;
          }

          @Override
          public void progress(String stage, long done, long total) {
            assertThat(done).isBetween(0L, total);
          }

          @Override
          public void says(String sentence) {
            said.add(sentence);
          }
        };
    return new Puller(settings(), listener, slept::add, size -> new Download.Transfer(3, 1 << 16))
        .pull(ModelName.of(name));
  }

  private Path part() throws IOException {
    return new Puller(settings(), new Silence()).begun(ModelName.of(NAME)).orElseThrow();
  }

  private HubSettings settings() {
    HubSettings s = HubSettings.of(environment, home, home.resolve(".cache/hadal/hub"));
    URI registry = hub.address();
    return new HubSettings(
        s.huggingFace(),
        s.token(),
        s.modelScope(),
        s.modelScopeToken(),
        registry,
        s.hubCache(),
        s.ownCache(),
        s.ollamaModels(),
        s.offline(),
        s.proxies());
  }

  private static final class Silence implements PullListener {
    @Override
    public void begins(String what, long bytes) {}

    @Override
    public void progress(String stage, long done, long total) {}

    @Override
    public void says(String sentence) {}
  }
}
