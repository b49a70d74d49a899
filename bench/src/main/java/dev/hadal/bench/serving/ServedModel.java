package dev.hadal.bench.serving;

import dev.hadal.Hadal;
import dev.hadal.app.models.Catalog;
import dev.hadal.app.models.Lease;
import dev.hadal.app.models.ModelPool;
import dev.hadal.app.models.PoolOptions;
import dev.hadal.app.server.Server;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.server.openai.OpenAi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A model behind a real server, and the very engine that the server asks: so both sides of a
 * comparison have the same threads, cache and options.
 */
final class ServedModel implements AutoCloseable {
  /** What requests call it. */
  static final String NAME = "measured";

  private final ModelPool pool;
  private final Server server;
  private final Lease lease;
  private final FreshPrompts prompts;

  private ServedModel(ModelPool pool, Server server, Lease lease) {
    this.pool = pool;
    this.server = server;
    this.lease = lease;
    this.prompts = new FreshPrompts(lease.model().tokenizer(), lease.model().config().vocabSize());
  }

  static ServedModel open(Path file, Options options) {
    try {
      ModelPool pool = new ModelPool(new One(file), PoolOptions.of(options.opening()));
      try {
        Lease lease = pool.lease(NAME);
        return new ServedModel(
            pool, Server.start(ServerOptions.local(0), pool, List.of(new OpenAi())), lease);
      } catch (IOException | RuntimeException | Error e) {
        pool.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Hadal model() {
    return lease.model();
  }

  FreshPrompts prompts() {
    return prompts;
  }

  URI at(String path) {
    return server.address().resolve(path);
  }

  @Override
  public void close() {
    lease.close();
    server.close();
    pool.close();
  }

  /** A catalog of one file. */
  private record One(Path file) implements Catalog {
    @Override
    public Optional<Entry> find(String name) throws IOException {
      return name.equals(NAME)
          ? Optional.of(new Entry(NAME, file, Files.size(file), Instant.EPOCH))
          : Optional.empty();
    }

    @Override
    public List<Entry> list() throws IOException {
      return List.of(find(NAME).orElseThrow());
    }
  }
}
