package dev.hadal.app.server.page;

import com.sun.management.OperatingSystemMXBean;
import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.models.ModelPool;
import dev.hadal.app.server.Call;
import dev.hadal.app.store.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/** Which models there are; load, unload, delete. */
final class ModelsEndpoint {
  private final ModelPool pool;
  private final HubSettings hub;
  private final Shelf shelf;
  private final Events events;
  private Object told = "";

  ModelsEndpoint(ModelPool pool, HubSettings hub, Shelf shelf, Events events) {
    this.pool = pool;
    this.hub = hub;
    this.shelf = shelf;
    this.events = events;
  }

  void list(Call call) {
    ObjectNode answer = all();
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    answer
        .putObject("memory")
        .put("total_bytes", machine.getTotalMemorySize())
        .put("available_bytes", available(machine))
        .put("models_bytes", pool.resident().stream().mapToLong(Shelf::bytes).sum());
    answer
        .putObject("disk")
        .put("free_bytes", free(hub.hubCache()))
        .put("folder", shortened(hub.hubCache()));
    call.json(answer);
  }

  private ObjectNode all() {
    ObjectNode all = Wire.object();
    all.set("models", Wire.node(shelf.list()));
    return all;
  }

  /**
   * What programs can have; the system's free memory alone leaves out what its cache would give.
   */
  private static long available(OperatingSystemMXBean machine) {
    long most = machine.getTotalMemorySize();
    Path facts = Path.of("/proc/meminfo");
    try {
      if (Files.isReadable(facts)) {
        for (String line : Files.readAllLines(facts)) {
          if (line.startsWith("MemAvailable:")) {
            return Math.min(most, Long.parseLong(line.replaceAll("\\D", "")) << 10);
          }
        }
      }
    } catch (IOException | NumberFormatException e) {
      // The machine's own word, then.
    }
    return Math.min(most, machine.getFreeMemorySize());
  }

  private static long free(Path folder) {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there)) {
      there = Objects.requireNonNull(there.getParent());
    }
    try {
      return Files.getFileStore(there).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(there + ": cannot tell how much room is there", e);
    }
  }

  private static String shortened(Path folder) {
    Path home = Path.of(System.getProperty("user.home", "."));
    return folder.startsWith(home)
        ? Path.of("~").resolve(home.relativize(folder)).toString()
        : folder.toString();
  }

  void load(Call call) {
    String name = call.fields().requiredText("name");
    shelf.load(name);
    call.json(202, Wire.json(shelf.card(name)));
    tick();
  }

  void unload(Call call) {
    String name = call.fields().requiredText("name");
    shelf.unload(name);
    call.json(202, Wire.json(shelf.card(name)));
    tick();
  }

  void delete(Call call) throws IOException {
    shelf.delete(call.fields().requiredText("name"));
    call.nothing(204);
    changed();
  }

  /** Tells what there is now. */
  void changed() {
    if (events.isHeard()) {
      events.tell("models", all());
    }
  }

  /** Tells of what has changed since the last time. */
  synchronized void tick() {
    Object now = shelf.state();
    if (!now.equals(told)) {
      told = now;
      changed();
    }
  }
}
