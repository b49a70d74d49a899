package dev.hadal.app.store;

import java.util.List;

/** Settings under names. */
public final class Presets {
  private final Database database;

  Presets(Database database) {
    this.database = database;
  }

  /** All of them, by name. */
  public List<Preset> all() {
    return database.read(
        sql -> sql.all("SELECT * FROM presets ORDER BY name COLLATE NOCASE, id", Rows::preset));
  }

  public boolean has(String id) {
    return database.read(
        sql -> sql.one("SELECT 1 FROM presets WHERE id = ?", row -> true, id).isPresent());
  }

  /** Adds one, or replaces the one of this id. */
  public Preset put(Preset p) {
    database.write(sql ->
        sql.change(
            "INSERT OR REPLACE INTO presets (id, name, system, thinking, sampling) VALUES (?, ?, ?,"
                + " ?, ?)",
            p.id(),
            p.name(),
            p.system(),
            p.thinking(),
            Wire.text(p.sampling())));
    return p;
  }

  /** False if there is none of this id. */
  public boolean remove(String id) {
    return database.write(sql -> sql.change("DELETE FROM presets WHERE id = ?", id) > 0);
  }
}
