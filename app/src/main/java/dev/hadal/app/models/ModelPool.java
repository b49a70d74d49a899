package dev.hadal.app.models;

import dev.hadal.Hadal;
import dev.hadal.engine.CapacityException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Several models by name. One is loaded when it is first asked for, stays while it is used and for
 * a while after, and makes room, the longest unused first, when another needs the memory. One that
 * is in use is never closed. Safe to use from any thread.
 */
public final class ModelPool implements AutoCloseable {
  /** Longer than any server runs. */
  public static final Duration FOREVER = Duration.ofDays(36_500);

  private final Catalog catalog;
  private final PoolOptions options;
  private final InstantSource clock;
  private final Map<Path, Slot> slots = new LinkedHashMap<>();
  private final Map<String, String> aliases = new TreeMap<>();
  private final ScheduledExecutorService sweeper;
  private boolean closed;

  public ModelPool(Catalog catalog, PoolOptions options) {
    this(catalog, options, InstantSource.system());
  }

  ModelPool(Catalog catalog, PoolOptions options, InstantSource clock) {
    this.catalog = catalog;
    this.options = options;
    this.clock = clock;
    this.sweeper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("hadal-models").factory());
  }

  public Catalog catalog() {
    return catalog;
  }

  /** Another name for a model; it replaces an older one of that name. */
  public void alias(String alias, String name) {
    Catalog.Entry entry = entry(name);
    synchronized (this) {
      aliases.put(alias, entry.name());
    }
  }

  /** Forgets an alias; false if there was none. */
  public synchronized boolean removeAlias(String alias) {
    return aliases.remove(alias) != null;
  }

  /** Aliases and what they stand for. */
  public synchronized Map<String, String> aliases() {
    return new TreeMap<>(aliases);
  }

  /**
   * What is known of a model by its name or alias, without loading it.
   *
   * @throws UnknownModelException if there is none of that name
   */
  public Catalog.Entry entry(String name) {
    String meant;
    synchronized (this) {
      meant = aliases.getOrDefault(name, name);
    }
    try {
      Optional<Catalog.Entry> entry = catalog.find(meant);
      if (entry.isEmpty()) {
        throw new UnknownModelException(
            name, catalog.list().stream().map(Catalog.Entry::name).limit(20).toList());
      }
      return entry.get();
    } catch (IOException e) {
      throw new UncheckedIOException("the models on this machine cannot be listed", e);
    }
  }

  /** As {@link #lease(String, Duration)}, kept afterwards as long as is usual. */
  public Lease lease(String name) {
    return lease(name, options.keepAlive());
  }

  /**
   * The right to use a model, which is loaded if it is not there. Blocks meanwhile.
   *
   * @param keepAlive how long it stays after this use; zero puts it away at once, {@link #FOREVER}
   *     never
   * @throws UnknownModelException if there is none of that name
   * @throws CapacityException if there is no memory for it beside those in use
   * @throws dev.hadal.format.FormatException if it is damaged or of a kind this version does not
   *     run
   */
  public Lease lease(String name, Duration keepAlive) {
    Catalog.Entry entry = entry(name);
    Slot slot = enter(entry);
    try {
      Hadal model = load(slot);
      return new Lease(slot.entry, model, () -> leave(slot, keepAlive));
    } catch (RuntimeException | Error e) {
      leave(slot, keepAlive);
      throw e;
    }
  }

  private synchronized Slot enter(Catalog.Entry entry) {
    if (closed) {
      throw new IllegalStateException("the models are being put away; this server is ending");
    }
    Slot slot = slots.computeIfAbsent(entry.path(), p -> new Slot(entry));
    slot.users++;
    slot.leaving = false;
    return slot;
  }

  private Hadal load(Slot slot) {
    slot.loading.lock();
    try {
      Hadal model = slot.model;
      if (model == null) {
        makeRoom(slot);
        model = Hadal.load(slot.entry.path(), options.opening());
        slot.model = model;
      }
      return model;
    } finally {
      slot.loading.unlock();
    }
  }

  /** Puts away what is longest unused until the newcomer fits. Alone, any model may try. */
  private synchronized void makeRoom(Slot newcomer) {
    long needed = newcomer.entry.bytes();
    while (true) {
      List<Slot> others = slots.values().stream().filter(s -> s.reserved).toList();
      long held = others.stream().mapToLong(Slot::bytes).sum();
      if (others.isEmpty() || needed <= options.budgetBytes() - held) {
        newcomer.reserved = true;
        return;
      }
      Optional<Slot> oldest =
          others.stream().filter(Slot::isFree).min(Comparator.comparing(s -> s.lastUsed));
      if (oldest.isEmpty()) {
        throw new CapacityException(
            "no memory for %s (%,d MB) beside %s, which are in use or pinned; ask again later, or start with fewer models"
                .formatted(
                    newcomer.entry.name(),
                    needed >> 20,
                    String.join(", ", others.stream().map(s -> s.entry.name()).toList())));
      }
      putAway(oldest.get());
    }
  }

  private synchronized void leave(Slot slot, Duration keepAlive) {
    slot.users--;
    slot.lastUsed = clock.instant();
    slot.expires = later(slot.lastUsed, keepAlive);
    if (slot.users > 0) {
      return;
    }
    if (slot.model == null) {
      slots.remove(slot.entry.path(), slot); // it could not be loaded
      return;
    }
    if (slot.leaving || keepAlive.isZero() || closed) {
      putAway(slot);
    } else if (slot.expires.isBefore(Instant.MAX)) {
      var _ = sweeper.schedule(this::sweep, keepAlive.toMillis() + 1, TimeUnit.MILLISECONDS);
    }
  }

  private static Instant later(Instant now, Duration keepAlive) {
    return keepAlive.compareTo(FOREVER) >= 0 ? Instant.MAX : now.plus(keepAlive);
  }

  /** Puts away what has not been used for as long as it was to stay. */
  synchronized void sweep() {
    Instant now = clock.instant();
    List.copyOf(slots.values()).stream()
        .filter(s -> s.isFree() && !s.expires.isAfter(now))
        .forEach(this::putAway);
  }

  private synchronized void putAway(Slot slot) {
    slots.remove(slot.entry.path(), slot);
    Hadal model = slot.model;
    slot.model = null;
    slot.reserved = false;
    if (model != null) {
      model.close();
    }
  }

  /**
   * Keeps a model whatever comes; loads it now.
   *
   * @throws UnknownModelException if there is none of that name
   */
  public void pin(String name) {
    try (Lease lease = lease(name)) {
      synchronized (this) {
        Objects.requireNonNull(slots.get(lease.entry().path())).pinned = true;
      }
    }
  }

  /** Puts a model away as soon as nobody uses it, pinned or not; false if it is not loaded. */
  public synchronized boolean unload(String name) {
    Slot slot = slots.get(entry(name).path());
    if (slot == null) {
      return false;
    }
    slot.pinned = false;
    slot.leaving = true;
    if (slot.isFree()) {
      putAway(slot);
    }
    return true;
  }

  /** Those that are loaded now, in the order they came. */
  public synchronized List<Resident> resident() {
    List<Resident> all = new ArrayList<>();
    for (Slot slot : slots.values()) {
      Hadal model = slot.model;
      if (model != null) {
        boolean stays = slot.pinned || slot.users > 0 || slot.expires.equals(Instant.MAX);
        all.add(
            new Resident(
                slot.entry,
                model,
                slot.users,
                slot.pinned,
                stays ? Optional.empty() : Optional.of(slot.expires)));
      }
    }
    return all;
  }

  /** Those that are being loaded now. */
  public synchronized List<Catalog.Entry> loading() {
    return slots.values().stream().filter(s -> s.model == null).map(s -> s.entry).toList();
  }

  /** Closes all models; answers that still run end with an error. */
  @Override
  public synchronized void close() {
    closed = true;
    sweeper.shutdownNow();
    List.copyOf(slots.values()).forEach(this::putAway);
  }
}
