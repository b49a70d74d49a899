package dev.hadal.app.cli;

import dev.hadal.app.hub.Library;
import dev.hadal.app.models.Lease;
import dev.hadal.app.models.ModelPool;
import dev.hadal.app.models.PoolOptions;
import dev.hadal.app.server.Room;
import dev.hadal.app.server.Server;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.server.page.Page;
import dev.hadal.app.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Models behind a port, until the process is told to end.
 *
 * @param data where conversations are kept
 * @param pin whether all models are loaded now, and stay
 */
record Serving(ServerOptions options, PoolOptions pooling, Path data, boolean pin) {
  private static final String FILE = "hadal.db";

  /** Who is told when it listens. */
  @FunctionalInterface
  interface Greeting {
    void greet(Server server, List<String> names);
  }

  /**
   * Serves.
   *
   * @param models {@code MODEL} or {@code NAME=MODEL}; the first answers where nobody is named
   */
  void run(List<String> models, Greeting greeting) throws IOException, InterruptedException {
    ServedModels served = new ServedModels(new Library(Places.hub()));
    List<String> names = new ArrayList<>();
    for (String model : models.isEmpty() ? List.of(Tiny.NAME) : models) {
      names.add(served.add(model));
    }
    try (Store store = Store.open(data.resolve(FILE));
        ModelPool pool = new ModelPool(served, pooling)) {
      load(pool, names);
      Page page =
          new Page(
              new Page.Setup(
                  Main.Version.number(),
                  store,
                  pool,
                  options,
                  Places.hub(),
                  Optional.of(Tiny.file())));
      List<Room> rooms = new ArrayList<>(Rooms.all(Places.hub()));
      rooms.add(page);
      try (Server server = Server.start(options, pool, rooms)) {
        greeting.greet(server, names);
        untilTold(server);
      }
    }
  }

  private void load(ModelPool pool, List<String> names) {
    if (pin) {
      names.forEach(pool::pin);
    } else {
      try (Lease first = pool.lease(names.getFirst())) {
        first.model(); // it is there when the first request comes
      }
    }
  }

  /** Waits for SIGTERM or Ctrl-C; answers end in order before the process does. */
  private static void untilTold(Server server) throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              told.countDown();
              server.close();
              ended.countDown();
            },
            "hadal-end");
    Runtime.getRuntime().addShutdownHook(hook);
    told.await();
    ended.await();
  }
}
