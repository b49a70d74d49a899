package dev.hadal.app.server.page;

import dev.hadal.app.server.Call;
import dev.hadal.app.server.Fields;
import dev.hadal.app.store.Preset;
import dev.hadal.app.store.Settings;
import dev.hadal.app.store.Store;
import dev.hadal.app.store.Wire;
import tools.jackson.databind.node.ObjectNode;

/** The presets: settings under a name. */
final class Presetting {
  private final Store store;
  private final Events events;

  Presetting(Store store, Events events) {
    this.store = store;
    this.events = events;
  }

  void list(Call call) {
    call.json(all());
  }

  private ObjectNode all() {
    ObjectNode all = Wire.object();
    all.set("presets", Wire.node(store.presets().all()));
    return all;
  }

  void create(Call call) {
    call.json(201, put(Wire.id("s"), call.fields()));
  }

  void replace(Call call) {
    String id = call.path("id");
    if (!store.presets().has(id)) {
      throw Refusal.unknown("preset", id);
    }
    call.json(put(id, call.fields()));
  }

  private ObjectNode put(String id, Fields fields) {
    String name = fields.requiredText("name").strip();
    if (name.isEmpty() || name.length() > 200) {
      throw fields.wrong("name", "a name of at most 200 characters");
    }
    Settings settings = Asked.settings(fields, Settings.DEFAULT);
    ObjectNode json =
        Wire.json(
            store
                .presets()
                .put(
                    new Preset(
                        id, name, settings.system(), settings.thinking(), settings.sampling())));
    events.tell("presets", all());
    return json;
  }

  void delete(Call call) {
    String id = call.path("id");
    if (!store.presets().remove(id)) {
      throw Refusal.unknown("preset", id);
    }
    events.tell("presets", all());
    call.nothing(204);
  }
}
