package dev.hadal.app.server.ollama;

import dev.hadal.app.hub.Library;
import dev.hadal.app.hub.ModelName;
import dev.hadal.app.models.Catalog;
import dev.hadal.app.models.ModelPool;
import dev.hadal.app.models.UnknownModelException;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Fields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** POST /api/copy and DELETE /api/delete: a second name for a model, and its removal. */
final class StoreEndpoint {
  private final Library library;

  StoreEndpoint(Library library) {
    this.library = library;
  }

  void copy(Call call) {
    Fields fields = call.fields();
    Catalog.Entry source =
        call.pool().entry(Names.known(call.pool(), fields.requiredText("source")));
    String destination = fields.requiredText("destination");
    try {
      Optional<Catalog.Entry> old = entry(call.pool(), destination);
      if (old.isPresent() && pulled(old.get()).isEmpty()) {
        throw fields.wrong("destination", "a name that this server was not started with");
      }
      if (old.isPresent() && !old.get().path().equals(source.path())) {
        call.pool().unload(destination);
      }
      library.copy(source.path(), destination);
    } catch (IOException e) {
      throw failed(e);
    }
    call.json(Ollama.object());
  }

  void delete(Call call) {
    Fields fields = call.fields();
    String name = Names.known(call.pool(), Names.asked(fields));
    try {
      Optional<Library.Entry> entry = pulled(call.pool().entry(name));
      if (entry.isEmpty()) {
        throw Failure.invalid(
                "model", name + " was not pulled: the server was started with it, or brings it")
            .exception();
      }
      call.pool().unload(name);
      library.remove(entry.get().name());
    } catch (IOException e) {
      throw failed(e);
    }
    call.json(Ollama.object());
  }

  private static Optional<Catalog.Entry> entry(ModelPool pool, String name) {
    try {
      return Optional.of(pool.entry(Names.known(pool, name)));
    } catch (UnknownModelException e) {
      return Optional.empty();
    }
  }

  /** The model in the library; nothing where its name means another one here. */
  private Optional<Library.Entry> pulled(Catalog.Entry entry) throws IOException {
    Optional<ModelName> parsed = ModelName.parse(entry.name());
    return parsed.isEmpty()
        ? Optional.empty()
        : library.find(parsed.get()).filter(e -> e.path().equals(entry.path()));
  }

  /** To be told: a plain IOException would mean that the client is gone. */
  private static RuntimeException failed(IOException e) {
    return new UncheckedIOException(e.getMessage(), e);
  }
}
