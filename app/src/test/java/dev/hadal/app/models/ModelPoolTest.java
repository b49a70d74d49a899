package dev.hadal.app.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadal.HadalOptions;
import dev.hadal.app.cli.TinyChat;
import dev.hadal.engine.CapacityException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelPoolTest {
  private static final PoolOptions OPTIONS =
      PoolOptions.of(HadalOptions.defaults().withBackend("reference").withThreads(1));

  @TempDir private Path folder;

  private Path file;
  private FolderCatalog catalog;
  private Instant now = Instant.ofEpochSecond(1_000);
  private ModelPool pool;

  @BeforeEach
  void models() throws IOException {
    file = TinyChat.in(folder);
    catalog = new FolderCatalog();
    for (String name : List.of("a", "b", "c")) {
      catalog.with(name, Files.copy(file, folder.resolve(name + ".gguf")));
    }
    pool = pool(OPTIONS);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void aModelIsLoadedOnceAndSharedByAllWhoUseIt() {
    try (Lease one = pool.lease("a");
        Lease two = pool.lease("a")) {
      assertThat(one.model()).isSameAs(two.model());
      assertThat(pool.resident()).singleElement().returns(2, Resident::users);
    }
    assertThat(loaded()).containsExactly("a");
  }

  @Test
  void anUnusedModelGoesAfterItsTimeAndAUsedOneStays() {
    pool.lease("a").close();
    Lease used = pool.lease("b");

    now = now.plus(OPTIONS.keepAlive());
    pool.sweep();

    assertThat(loaded()).containsExactly("b");
    assertThat(used.model().ask("Hello")).isNotEmpty();
    used.close();
  }

  @Test
  void theLongestUnusedMakesRoom() throws IOException {
    pool.close();
    pool = pool(OPTIONS.withBudgetBytes(roomFor(2)));
    pool.lease("a").close();
    now = now.plusSeconds(1);
    pool.lease("b").close();
    now = now.plusSeconds(1);
    pool.lease("a").close();
    now = now.plusSeconds(1);

    pool.lease("c").close();

    assertThat(loaded()).containsExactly("a", "c");
  }

  @Test
  void whatIsInUseOrPinnedIsNeverPutAwayForANewcomer() throws IOException {
    pool.close();
    pool = pool(OPTIONS.withBudgetBytes(roomFor(2)));
    pool.pin("a");
    try (Lease used = pool.lease("b")) {
      assertThatThrownBy(() -> pool.lease("c"))
          .isInstanceOf(CapacityException.class)
          .hasMessageContaining("no memory for c")
          .hasMessageContaining("a, b");
      assertThat(used.model().ask("Hello")).isNotEmpty();
    }
    pool.lease("c").close();
    assertThat(loaded()).containsExactly("a", "c");
  }

  @Test
  void aLeaseMaySayHowLongItsModelStays() {
    pool.lease("a", Duration.ZERO).close();
    pool.lease("b", ModelPool.FOREVER).close();

    now = now.plus(Duration.ofDays(1_000));
    pool.sweep();

    assertThat(loaded()).containsExactly("b");
  }

  @Test
  void anUnloadedModelGoesWhenItsLastUserDoes() {
    Lease used = pool.lease("a");
    assertThat(pool.unload("a")).isTrue();
    assertThat(loaded()).containsExactly("a");

    used.close();

    assertThat(loaded()).isEmpty();
    assertThat(pool.unload("a")).isFalse();
  }

  @Test
  void anAliasMeansItsModel() {
    pool.alias("gpt", "a");
    try (Lease lease = pool.lease("gpt")) {
      assertThat(lease.name()).isEqualTo("a");
    }
    assertThat(pool.removeAlias("gpt")).isTrue();
    assertThatThrownBy(() -> pool.lease("gpt")).isInstanceOf(UnknownModelException.class);
  }

  @Test
  void aPathIsNoName() {
    assertThatThrownBy(() -> pool.lease(file.toString()))
        .isInstanceOf(UnknownModelException.class)
        .hasMessageContaining("known are a, b, c");
  }

  @Test
  void aModelThatCannotBeLoadedLeavesNothingBehind() throws IOException {
    catalog.with("broken", Files.writeString(folder.resolve("broken.gguf"), "GGUFno"));

    assertThatThrownBy(() -> pool.lease("broken")).hasMessageContaining("broken.gguf");

    assertThat(loaded()).isEmpty();
    pool.lease("a").close();
  }

  private ModelPool pool(PoolOptions options) {
    return new ModelPool(catalog, options, () -> now);
  }

  private long roomFor(int models) throws IOException {
    long own = Files.size(file);
    try (Lease one = pool(OPTIONS).lease("a")) {
      return models * (own + one.model().engine().totalBytes()) + own / 2;
    }
  }

  private List<String> loaded() {
    return pool.resident().stream().map(r -> r.entry().name()).toList();
  }
}
