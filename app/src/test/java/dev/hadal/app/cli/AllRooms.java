package dev.hadal.app.cli;

import dev.hadal.app.server.Room;

/** The interfaces that {@code hadal serve} speaks, for tests of them all. */
public final class AllRooms {
  private AllRooms() {}

  public static Room[] make() {
    return Rooms.all().toArray(Room[]::new);
  }
}
