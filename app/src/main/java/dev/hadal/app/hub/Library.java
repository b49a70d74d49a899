package dev.hadal.app.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The models that are on this machine already. Never asks the network. */
public final class Library {
  private final HubSettings settings;

  /** What lies in the caches that the settings name. */
  public Library(HubSettings settings) {
    this.settings = settings;
  }

  /**
   * A model that is there.
   *
   * @param name what to type for it
   * @param path what to open: a .gguf file, or a folder
   * @param files all that belongs to it
   * @param bytes what they take
   * @param commit the state of the repository they are from
   * @param fetched when the newest of them came
   */
  public record Entry(
      ModelName name, Path path, List<Path> files, long bytes, String commit, Instant fetched) {}

  /**
   * The model that is meant.
   *
   * @return empty if nothing of its repository is here
   * @throws IllegalArgumentException if some of it is, but not what is meant
   */
  public Optional<Entry> find(ModelName name) throws IOException {
    CacheFolder folder = CacheFolder.of(settings, name);
    String revision = name instanceof ModelName.Repository repo ? repo.revision() : "main";
    Optional<String> commit = folder.commit(revision);
    if (commit.isEmpty() || folder.files(commit.get()).isEmpty()) {
      return ofOllama(name);
    }
    String selector = name instanceof ModelName.Repository repo ? repo.selector() : "";
    List<String> files = folder.files(commit.get());
    Variant variant;
    try {
      variant = Variant.choose(name.whole().typed() + " on this machine", files, selector);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage() + "; 'hadal pull " + name.typed() + "' asks for it", e);
    }
    if (!variant.isWhole()) {
      throw new IllegalArgumentException(
          "%s: only %d of its parts are here; 'hadal pull %s' brings the rest"
              .formatted(name.typed(), variant.files().size(), name.typed()));
    }
    return Optional.of(entry(name, folder, commit.get(), variant));
  }

  private Optional<Entry> ofOllama(ModelName name) throws IOException {
    return name instanceof ModelName.Repository repo && repo.site() == Site.OLLAMA
        ? new OllamaStore(settings.ollamaModels()).find(repo)
        : Optional.empty();
  }

  private static Entry entry(ModelName name, CacheFolder folder, String commit, Variant variant)
      throws IOException {
    List<Path> files = variant.files().stream().map(f -> folder.file(commit, f)).toList();
    long bytes = 0;
    Instant newest = Instant.EPOCH;
    for (Path file : files) {
      bytes += Files.size(file);
      Instant time = Files.getLastModifiedTime(file).toInstant();
      newest = time.isAfter(newest) ? time : newest;
    }
    Path path = variant.label().isEmpty() ? folder.snapshot(commit) : files.getFirst();
    ModelName full =
        name instanceof ModelName.Repository repo && repo.site() != Site.OLLAMA
            ? repo.with(variant.label())
            : name;
    return new Entry(full, path, files, bytes, commit, newest);
  }

  /** All models that are whole, the newest first. */
  public List<Entry> list() throws IOException {
    List<Entry> entries = new ArrayList<>();
    Set<Path> caches = new LinkedHashSet<>(List.of(settings.hubCache(), settings.ownCache()));
    for (Path cache : caches) {
      for (String name : CacheFolder.names(cache)) {
        CacheFolder folder = new CacheFolder(cache.resolve(name));
        Optional<ModelName.Repository> repo = ModelName.ofFolder(name);
        if (repo.isPresent()) {
          addAll(entries, repo.get(), folder);
        } else if (Links.isFolder(name)) {
          Optional<ModelName.Link> link = Links.read(folder);
          if (link.isPresent()) {
            find(link.get()).ifPresent(entries::add);
          }
        }
      }
    }
    entries.addAll(new OllamaStore(settings.ollamaModels()).list());
    entries.sort(Comparator.comparing(Entry::fetched).reversed());
    return entries;
  }

  private static void addAll(List<Entry> entries, ModelName.Repository repo, CacheFolder folder)
      throws IOException {
    for (String revision : refs(folder.path().resolve("refs"), "")) {
      Optional<String> commit = folder.commit(revision);
      if (commit.isEmpty()) {
        continue;
      }
      for (Variant variant : Variant.among(folder.files(commit.get()))) {
        if (variant.isWhole()) {
          ModelName name = new ModelName.Repository(repo.site(), repo.id(), revision, "");
          entries.add(entry(name, folder, commit.get(), variant));
        }
      }
    }
  }

  private static List<String> refs(Path folder, String prefix) throws IOException {
    List<String> all = new ArrayList<>();
    for (String name : CacheFolder.names(folder)) {
      if (Files.isDirectory(folder.resolve(name))) {
        all.addAll(refs(folder.resolve(name), prefix + name + "/"));
      } else if (NameSyntax.isRelativePath(name)) {
        all.add(prefix + name);
      }
    }
    return all;
  }

  /**
   * Removes a model: of a repository named without a choice among its files, everything, also what
   * came only in part.
   *
   * @return bytes that are free again, or empty if nothing of it was there
   * @throws IllegalArgumentException if it is another program's to remove
   */
  public Optional<Long> remove(ModelName name) throws IOException {
    CacheFolder folder = CacheFolder.of(settings, name);
    if (!Files.isDirectory(folder.path())) {
      if (ofOllama(name).isPresent()) {
        throw new IllegalArgumentException(
            "%s is Ollama's own copy; 'ollama rm %s' removes it"
                .formatted(name.typed(), name.typed()));
      }
      return Optional.empty();
    }
    long before = folder.bytes();
    if (isOneOfSeveral(name)) {
      Optional<Entry> entry = find(name).filter(e -> e.path().startsWith(folder.path()));
      if (entry.isPresent()) {
        Path snapshot = folder.snapshot(entry.get().commit());
        folder.remove(
            entry.get().commit(),
            entry.get().files().stream()
                .map(f -> snapshot.relativize(f).toString().replace('\\', '/'))
                .toList());
      }
      if (!isEmpty(folder)) {
        return entry.map(e -> bytesSince(before, folder));
      }
    }
    folder.removeAll();
    return Optional.of(before);
  }

  /**
   * Gives a model a second name, in the manner of Ollama's. What had that name gives way.
   *
   * @param model what is opened of it: a .gguf file, or a folder
   * @param name such as {@code mine} or {@code mine:v2}
   * @throws IllegalArgumentException if the name says where a model comes from
   */
  public Entry copy(Path model, String name) throws IOException {
    Optional<ModelName> parsed = ModelName.parse(name);
    if (parsed.isEmpty()
        || !(parsed.get() instanceof ModelName.Repository to)
        || to.site() != Site.OLLAMA
        || !to.id().startsWith("library/")) {
      throw new IllegalArgumentException(
          "'%s' is no name for a copy; expected letters, digits, '-', '_' and '.', such as mine or mine:v2"
              .formatted(name));
    }
    CacheFolder folder = CacheFolder.of(settings, to);
    if (Files.isDirectory(folder.path())) {
      Optional<Entry> old = find(to);
      if (old.isPresent() && Files.isSameFile(old.get().path(), model)) {
        return old.get();
      }
      remove(to);
    }
    Copies.put(model, folder, to.revision());
    return find(to).orElseThrow(() -> new HubException(name + " was copied and is gone again"));
  }

  /** Whether others of the same repository may be here that are not meant. */
  private static boolean isOneOfSeveral(ModelName name) {
    return name instanceof ModelName.Repository repo
        && (!repo.selector().isEmpty() || repo.site() == Site.OLLAMA);
  }

  private static long bytesSince(long before, CacheFolder folder) {
    try {
      return before - folder.bytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether nothing is left, be it another tool's. */
  private static boolean isEmpty(CacheFolder folder) throws IOException {
    for (String commit : folder.commits()) {
      if (!folder.files(commit).isEmpty()) {
        return false;
      }
    }
    return CacheFolder.names(folder.blobs()).isEmpty();
  }
}
