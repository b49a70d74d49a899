package dev.hadal.app.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fetches models into the cache: what is there already stays, what was begun goes on, and nothing
 * gets its name before its checksum was right.
 */
public final class Puller {
  /** What should be left on a disk: a full one stops more than a download. */
  static final long SPARE_BYTES = 256L << 20;

  private final HubSettings settings;
  private final PullListener listener;
  private final Patience.Sleep sleep;
  private final LongFunction<Download.Transfer> transfer;

  /** Fetches by these settings. */
  public Puller(HubSettings settings, PullListener listener) {
    this(settings, listener, Thread::sleep, Download.Transfer::usual);
  }

  Puller(
      HubSettings settings,
      PullListener listener,
      Patience.Sleep sleep,
      LongFunction<Download.Transfer> transfer) {
    this.settings = settings;
    this.listener = listener;
    this.sleep = sleep;
    this.transfer = transfer;
  }

  /** A file, and the content in the cache that it will name. */
  private record Wanted(RemoteFile file, String key) {}

  /**
   * Fetches what is missing of a model, and says where it lies.
   *
   * @throws HubException if there is no such model, it is not for everybody, or what came is wrong
   * @throws IllegalArgumentException if the repository has no such file
   */
  public Library.Entry pull(ModelName name) throws IOException {
    Library library = new Library(settings);
    if (settings.offline()) {
      return library
          .find(name)
          .orElseThrow(() ->
              new HubException(
                  "%s is not on this machine, and nothing is fetched offline (--offline or HF_HUB_OFFLINE)"
                      .formatted(name.typed())));
    }
    try (Http http = new Http(settings.proxies(), new Patience(sleep, listener))) {
      Source source = source(http, name);
      try {
        fetch(http, source, name);
      } catch (StatusException e) {
        throw source.explain(e);
      }
    }
    return library
        .find(name)
        .orElseThrow(() -> new HubException(name.typed() + " was fetched and is gone again"));
  }

  private Source source(Http http, ModelName name) {
    return switch (name) {
      case ModelName.Link link -> new WebLink(http, link);
      case ModelName.Repository repo ->
          switch (repo.site()) {
            case HUGGING_FACE -> new HuggingFace(http, settings, repo);
            case MODELSCOPE -> new ModelScope(http, settings, repo);
            case OLLAMA -> new OllamaRegistry(http, settings, repo);
          };
    };
  }

  private void fetch(Http http, Source source, ModelName name) throws IOException {
    Source.Listing listing = source.list();
    List<String> chosen = chosen(name, listing);
    CacheFolder folder = CacheFolder.of(settings, name);
    List<Wanted> wanted = new ArrayList<>();
    for (RemoteFile file : listing.files()) {
      if (chosen.contains(file.path())) {
        RemoteFile complete = name instanceof ModelName.Link ? file : source.complete(http, file);
        wanted.add(new Wanted(complete, key(listing, complete)));
      }
    }
    if (isOllamas(name, wanted)) {
      return;
    }
    List<Wanted> missing =
        wanted.stream().filter(w -> !isHere(folder, listing.commit(), w)).toList();
    Files.createDirectories(folder.blobs());
    makeSureItFits(folder, missing);
    if (!missing.isEmpty()) {
      listener.begins(
          name.whole().typed() + ": " + names(missing),
          missing.stream().mapToLong(w -> Math.max(0, w.file.size())).sum());
    }
    for (Wanted file : missing) {
      fetch(http, name, folder, file);
    }
    if (name instanceof ModelName.Link link) {
      Links.write(folder, link);
    }
    for (Wanted file : wanted) {
      folder.link(listing.commit(), file.file.path(), file.key);
    }
    folder.setRef(revision(name), listing.commit());
  }

  private static String names(List<Wanted> files) {
    String first =
        files.stream().limit(3).map(w -> w.file.name()).collect(Collectors.joining(", "));
    return first + (files.size() > 3 ? " and %d more".formatted(files.size() - 3) : "");
  }

  private static List<String> chosen(ModelName name, Source.Listing listing) {
    List<String> paths = listing.files().stream().map(RemoteFile::path).toList();
    String selector = name instanceof ModelName.Repository repo ? repo.selector() : "";
    Variant variant = Variant.choose(name.whole().typed(), paths, selector);
    if (!variant.isWhole()) {
      throw new IllegalArgumentException(
          "%s has only %d parts of %s; it is not whole there"
              .formatted(name.whole().typed(), variant.files().size(), variant.files().getFirst()));
    }
    return variant.files();
  }

  static String revision(ModelName name) {
    return name instanceof ModelName.Repository repo ? repo.revision() : "main";
  }

  private static String key(Source.Listing listing, RemoteFile file) {
    return file.checksum().isEmpty()
        ? Checksums.sha256((listing.commit() + file.path()).getBytes(StandardCharsets.UTF_8))
        : file.checksum();
  }

  private static boolean isHere(CacheFolder folder, String commit, Wanted wanted) {
    return Files.isRegularFile(folder.blob(wanted.key))
        || Files.isRegularFile(folder.file(commit, wanted.file.path()));
  }

  /** Whether Ollama has this very content, so that a second copy would be waste. */
  private boolean isOllamas(ModelName name, List<Wanted> wanted) throws IOException {
    OllamaStore store = new OllamaStore(settings.ollamaModels());
    return name instanceof ModelName.Repository repo
        && repo.site() == Site.OLLAMA
        && store
            .find(repo)
            .filter(e -> e.path().equals(store.blob(wanted.getFirst().key)))
            .isPresent();
  }

  private static Path part(CacheFolder folder, String key) {
    // Not ".incomplete", as others name theirs: they would take holes for content.
    return folder.blob(key + ".hadal-part");
  }

  private void makeSureItFits(CacheFolder folder, List<Wanted> missing) throws IOException {
    long needed = 0;
    for (Wanted wanted : missing) {
      long size = wanted.file.size();
      if (size > 0) {
        Path part = part(folder, wanted.key);
        needed += size - PartRecord.open(Download.record(part), part, size, 1).doneBytes();
      }
    }
    long free = Files.getFileStore(folder.blobs()).getUsableSpace();
    if (needed > 0 && needed + SPARE_BYTES > free) {
      throw new HubException(
          "%s has room for %,d MiB, %,d MiB are needed; 'hadal rm' makes room, HF_HOME names another place"
              .formatted(folder.path(), free >> 20, needed >> 20));
    }
  }

  private void fetch(Http http, ModelName name, CacheFolder folder, Wanted wanted)
      throws IOException {
    Path locks = settings.cache(name).resolve(".locks").resolve(name.folder());
    Path lockFile = Files.createDirectories(locks).resolve(wanted.key + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(channel, wanted.file)) {
      if (!lock.isValid() || Files.isRegularFile(folder.blob(wanted.key))) {
        return; // another process brought it meanwhile
      }
      Path part = part(folder, wanted.key);
      listener.fetches(wanted.file.name(), wanted.file.checksum(), wanted.file.size());
      new Download(http, wanted.file, part, transfer.apply(wanted.file.size()), listener).run();
      check(name, wanted.file, part);
      Files.move(part, folder.blob(wanted.key), StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(Download.record(part));
    }
  }

  private FileLock lock(FileChannel channel, RemoteFile file) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
      listener.says(file.name() + " is being fetched by another process; waiting for it");
      return channel.lock();
    } catch (OverlappingFileLockException e) {
      throw new HubException(
          file.name() + " is being fetched by this process already; ask again when it is there", e);
    }
  }

  private void check(ModelName name, RemoteFile file, Path part) throws IOException {
    long size = Files.size(part);
    String found =
        file.checksum().isEmpty()
            ? ""
            : file.isSha256()
                ? Checksums.sha256(
                    part, done -> listener.progress("checking " + file.name(), done, size))
                : Checksums.gitBlob(part);
    if (!found.equals(file.checksum())) {
      discard(part);
      throw new HubException(
          "%s: what came has the checksum %s, %s says %s; it was thrown away. Pull again; if it stays so, a proxy or mirror changes it"
              .formatted(file.name(), found, file.uri().getAuthority(), file.checksum()));
    }
    if (file.checksum().isEmpty()) {
      if (name instanceof ModelName.Link && !isGguf(part)) {
        discard(part);
        throw new HubException(
            name.typed() + ": what came is no GGUF file; is it a page about one?");
      }
      listener.says(file.name() + ": nobody states a checksum, so only its length was checked");
    }
  }

  private static void discard(Path part) throws IOException {
    Files.deleteIfExists(part);
    Files.deleteIfExists(Download.record(part));
  }

  private static boolean isGguf(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(4), StandardCharsets.US_ASCII).equals("GGUF");
    }
  }

  /** For tests and messages: whether a download of this model was begun and is not complete. */
  Optional<Path> begun(ModelName name) throws IOException {
    CacheFolder folder = CacheFolder.of(settings, name);
    return CacheFolder.names(folder.blobs()).stream()
        .filter(n -> n.endsWith(".hadal-part"))
        .map(folder::blob)
        .findFirst();
  }
}
