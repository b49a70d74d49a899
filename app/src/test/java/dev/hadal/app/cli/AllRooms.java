package dev.hadal.app.cli;

import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.server.Room;
import java.nio.file.Path;
import java.util.Map;

/** The interfaces that {@code hadal serve} speaks, for tests of them all. */
public final class AllRooms {
  private AllRooms() {}

  /** With a cache of models in {@code home}, and no network. */
  public static Room[] make(Path home) {
    HubSettings hub = HubSettings.of(Map.of(), home, home.resolve(".cache/hadal/hub"));
    return Rooms.all(hub.withoutNetwork()).toArray(Room[]::new);
  }
}
