package dev.hadal.app.server.page;

import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.hub.Library;
import dev.hadal.app.models.Catalog;
import dev.hadal.app.models.Lease;
import dev.hadal.app.models.ModelPool;
import dev.hadal.app.models.Resident;
import dev.hadal.app.store.Problem;
import dev.hadal.engine.CapacityException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The models there are, and what they are at: loaded, being loaded, failed. */
final class Shelf {
  private final ModelPool pool;
  private final Library library;
  private final HubSettings hub;
  private final Optional<Path> builtin;
  private final Map<Place, Facts> facts = new ConcurrentHashMap<>();
  private final Map<String, Problem> failures = new ConcurrentHashMap<>();
  private final Set<String> loading = ConcurrentHashMap.newKeySet();

  private record Place(Path path, Instant modified) {}

  Shelf(ModelPool pool, HubSettings hub, Optional<Path> builtin) {
    this.pool = pool;
    this.library = new Library(hub);
    this.hub = hub;
    this.builtin = builtin;
  }

  /** All of them; who answers where nobody is named comes first. */
  List<ModelCard> list() {
    List<Catalog.Entry> entries;
    try {
      entries = pool.catalog().list();
    } catch (IOException e) {
      throw new UncheckedIOException("the models on this machine cannot be listed", e);
    }
    List<ModelCard> cards = new ArrayList<>();
    for (Catalog.Entry entry : entries) {
      cards.add(card(entry, cards.isEmpty()));
    }
    return cards;
  }

  ModelCard card(String name) {
    Catalog.Entry entry = pool.entry(name);
    return card(entry, first().filter(entry.name()::equals).isPresent());
  }

  private ModelCard card(Catalog.Entry entry, boolean first) {
    Facts of =
        facts.computeIfAbsent(new Place(entry.path(), entry.modified()), place -> Facts.of(entry));
    Optional<Resident> resident = resident(entry);
    Problem failure = failures.get(entry.name());
    String state =
        resident.isPresent()
            ? "loaded"
            : isLoading(entry) ? "loading" : failure != null ? "failed" : "idle";
    String source = source(entry);
    return new ModelCard(
        entry.name(),
        of.label(),
        of.architecture(),
        of.parameters(),
        quantization(entry, of),
        entry.bytes(),
        of.contextLength(),
        entry.modified().toEpochMilli(),
        source,
        state,
        null,
        resident.map(Shelf::bytes).orElse(null),
        resident.map(Resident::users).orElse(0),
        resident.flatMap(Resident::expires).map(Instant::toEpochMilli).orElse(null),
        resident.map(Resident::pinned).orElse(false),
        state.equals("failed") ? failure : null,
        of.thinking(),
        first,
        source.equals("hub"));
  }

  /** The name says it better than the tensors, where it does: {@code Q4_K_M}. */
  private static @Nullable String quantization(Catalog.Entry entry, Facts of) {
    String name = entry.name();
    String end = name.substring(name.lastIndexOf(':') + 1);
    return end.matches("(?i)(UD-)?(I?Q\\d\\w*|BF16|F16|F32|MXFP4\\w*)") ? end : of.quantization();
  }

  static long bytes(Resident resident) {
    return resident.entry().bytes() + resident.model().engine().totalBytes();
  }

  private String source(Catalog.Entry entry) {
    Path path = entry.path();
    if (builtin.filter(path::equals).isPresent()) {
      return "builtin";
    }
    if (path.startsWith(hub.ollamaModels())) {
      return "ollama";
    }
    return path.startsWith(hub.hubCache()) || path.startsWith(hub.ownCache()) ? "hub" : "file";
  }

  /** The name of who answers where nobody is named; empty if there is no model. */
  Optional<String> first() {
    try {
      return pool.catalog().list().stream().findFirst().map(Catalog.Entry::name);
    } catch (IOException e) {
      throw new UncheckedIOException("the models on this machine cannot be listed", e);
    }
  }

  private Optional<Resident> resident(Catalog.Entry entry) {
    return pool.resident().stream().filter(r -> r.entry().path().equals(entry.path())).findFirst();
  }

  private boolean isLoading(Catalog.Entry entry) {
    return loading.contains(entry.name())
        || pool.loading().stream().anyMatch(e -> e.path().equals(entry.path()));
  }

  boolean isLoaded(String name) {
    return resident(pool.entry(name)).isPresent();
  }

  /** What of all this changes without files changing: to see whether there is news. */
  Object state() {
    List<Object> state = new ArrayList<>();
    for (Resident r : pool.resident()) {
      state.add(List.of(r.entry().path(), r.users(), r.pinned(), r.expires().orElse(Instant.MAX)));
    }
    pool.loading().forEach(entry -> state.add(entry.path()));
    state.add(new HashSet<>(loading));
    state.add(Map.copyOf(failures));
    return state;
  }

  /** Loads one, on a thread of its own. */
  void load(String name) {
    Catalog.Entry entry = pool.entry(name);
    if (resident(entry).isPresent() || !loading.add(entry.name())) {
      return;
    }
    failures.remove(entry.name());
    Thread.startVirtualThread(() -> {
      try (Lease lease = pool.lease(entry.name())) {
        loaded(lease.name());
      } catch (RuntimeException | Error e) {
        failed(entry.name(), e);
      } finally {
        loading.remove(entry.name());
      }
    });
  }

  void loaded(String name) {
    failures.remove(name);
  }

  void failed(String name, Throwable why) {
    Problem problem = Problems.of(why);
    boolean known = why instanceof CapacityException || problem.code().equals("load_failed");
    failures.put(name, known ? problem : Problems.loadFailed(problem.message()));
  }

  /** Puts one away. */
  void unload(String name) {
    Catalog.Entry entry = checkFree(name);
    failures.remove(entry.name());
    pool.unload(entry.name());
  }

  /** Removes one from the disk. */
  void delete(String name) throws IOException {
    Catalog.Entry entry = checkFree(name);
    if (!source(entry).equals("hub")) {
      throw new IllegalArgumentException(
          entry.name() + " was not pulled; only what was pulled is deleted here");
    }
    pool.unload(entry.name());
    Library.Entry pulled =
        library.list().stream()
            .filter(e -> e.path().equals(entry.path()))
            .findFirst()
            .orElseThrow(() -> Refusal.unknown("model", name));
    library.remove(pulled.name());
    failures.remove(entry.name());
  }

  private Catalog.Entry checkFree(String name) {
    Catalog.Entry entry = pool.entry(name);
    boolean used = resident(entry).map(Resident::users).orElse(0) > 0 || isLoading(entry);
    if (used) {
      throw new Refusal(
          409, "in_use", entry.name() + " is answering", "Stop the answer, or wait until it ends.");
    }
    return entry;
  }
}
