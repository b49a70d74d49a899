package dev.hadal.app.server.page;

import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.models.ModelPool;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Frames;
import dev.hadal.app.server.Guard;
import dev.hadal.app.server.Handler;
import dev.hadal.app.server.Room;
import dev.hadal.app.server.Routes;
import dev.hadal.app.server.ServerOptions;
import dev.hadal.app.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The chat page and its interface, as {@code docs/page-api.md} tells it. */
public final class Page implements Room {
  static final String API = "/hadal/v1";

  private final Setup setup;
  private final Events events = new Events();
  private final Clock clock = new Clock();
  private final Sessions sessions;
  private final Guard doors;
  private final Shelf shelf;
  private final ModelsEndpoint models;
  private final Pulls pulls;
  private Optional<Answering> answering = Optional.empty();

  /**
   * What the page lives on.
   *
   * @param store what people keep; not closed here
   * @param options those of the server
   * @param hub where models come from
   * @param builtin the file of the built-in model
   */
  public record Setup(
      String version,
      Store store,
      ModelPool pool,
      ServerOptions options,
      HubSettings hub,
      Optional<Path> builtin) {}

  public Page(Setup setup) {
    this.setup = setup;
    this.sessions = new Sessions(setup.options);
    this.doors = new Doors(setup.options, sessions);
    this.shelf = new Shelf(setup.pool, setup.hub, setup.builtin);
    this.models = new ModelsEndpoint(setup.pool, setup.hub, shelf, events);
    this.pulls = new Pulls(setup.hub, events, models::changed);
  }

  @Override
  public String title() {
    return "Page";
  }

  @Override
  public void addTo(Routes routes) {
    Pulse pulse = new Pulse(setup.pool, routes.traffic(), events);
    Answering answers = new Answering(setup.store, setup.pool, routes.traffic(), events, shelf);
    answering = Optional.of(answers);
    ServerEndpoint server = new ServerEndpoint(setup.version, setup.options, setup.pool, pulse);
    Assets assets = new Assets();
    routes
        .open("/", "The chat page.", assets::index)
        .answers("text/html")
        .head("/", "Whether anyone is here: Ollama's program asks that first.", assets::index)
        .open("/assets/{name}", "What the page is made of.", assets::asset)
        .answers("text/javascript", "text/css", "font/woff2", "image/svg+xml")
        .open(
            API + "/events",
            "The page's one stream: every change, every token.",
            on(call ->
                events.serve(
                    call,
                    server.hello(),
                    tab -> answers.running().forEach(a -> a.tell(tab, events)))))
        .answers(Frames.SSE)
        .get(API + "/session", "Whether a key is needed, and was given.", on(sessions::show))
        .post(API + "/session", "Signs a browser in by a key.", on(sessions::signIn))
        .delete(API + "/session", "Signs it out.", on(sessions::signOut))
        .get(API + "/server", "What this server is, and its last minutes.", on(server::show))
        .options("/hadal/{+rest}", "Refused: other sites are not let in.", Page::noPreflight);
    addConversations(routes, answers);
    addComparisons(routes, answers);
    addModels(routes);
    clock.every(25, () -> answers.running().forEach(a -> a.tick(events)));
    clock.every(250, models::tick);
    clock.every(250, pulls::tick);
    clock.every(1_000, pulse::beat);
  }

  private void addConversations(Routes routes, Answering answers) {
    Talks talks = new Talks(setup.store, events, answers, shelf);
    Asks asks = new Asks(setup.store, events, answers, shelf, talks);
    Exports exports = new Exports(setup.store, events, talks);
    Presetting presets = new Presetting(setup.store, events);
    routes
        .get(
            API + "/conversations",
            "Conversations, or those that have some words.",
            on(talks::list))
        .post(API + "/conversations", "Begins a conversation.", on(talks::create))
        .get(API + "/conversations/{id}", "A conversation with its messages.", on(talks::get))
        .patch(API + "/conversations/{id}", "Changes a conversation.", on(talks::change))
        .delete(
            API + "/conversations/{id}",
            "Removes a conversation, for 30 days with a way back.",
            on(talks::delete))
        .post(API + "/conversations/{id}/restore", "Takes a removal back.", on(talks::restore))
        .get(API + "/conversations/{id}/export", "A conversation as a file.", on(exports::one))
        .answers("application/json", "text/markdown")
        .post(API + "/conversations/{id}/answers", "Sends, edits or regenerates.", on(asks::ask))
        .post(API + "/answers/{id}/stop", "Stops an answer.", on(asks::stop))
        .get(API + "/export", "All conversations as a file.", on(exports::all))
        .post(API + "/import", "Takes conversations in from a file.", on(exports::take))
        .get(API + "/presets", "The presets.", on(presets::list))
        .post(API + "/presets", "Keeps a preset.", on(presets::create))
        .put(API + "/presets/{id}", "Changes a preset.", on(presets::replace))
        .delete(API + "/presets/{id}", "Removes a preset.", on(presets::delete));
  }

  private void addComparisons(Routes routes, Answering answers) {
    Duels duels = new Duels(setup.store, events, answers, shelf);
    routes
        .get(API + "/comparisons", "The comparisons, and who won how often.", on(duels::list))
        .post(API + "/comparisons", "Asks two models the same.", on(duels::create))
        .get(API + "/comparisons/export", "The votes as a file.", on(duels::export))
        .answers("application/x-ndjson")
        .get(API + "/comparisons/{id}", "A comparison.", on(duels::get))
        .delete(API + "/comparisons/{id}", "Removes a comparison.", on(duels::delete))
        .post(API + "/comparisons/{id}/vote", "Votes.", on(duels::vote));
  }

  private void addModels(Routes routes) {
    routes
        .get(API + "/models", "The models, and the room there is.", on(models::list))
        .post(API + "/models/load", "Loads a model.", on(models::load))
        .post(API + "/models/unload", "Unloads a model.", on(models::unload))
        .post(API + "/models/delete", "Deletes a model's files.", on(models::delete))
        .get(API + "/pulls", "The downloads.", on(pulls::list))
        .post(API + "/pulls", "Downloads a model.", on(pulls::create))
        .post(API + "/pulls/{id}/cancel", "Stops a download, keeping what came.", on(pulls::cancel))
        .delete(API + "/pulls/{id}", "Forgets a download that has ended.", on(pulls::delete));
  }

  private static Handler on(Handler handler) {
    return call -> {
      try {
        if (call.body().length > Doors.MOST_BYTES) {
          throw Doors.tooLarge();
        }
        handler.handle(call);
      } catch (Refusal refusal) {
        refusal.answer(call);
      }
    };
  }

  /** No other site gets in, and none is told how it might. */
  private static void noPreflight(Call call) throws IOException {
    throw Failure.of(Failure.Kind.METHOD, "nothing is asked with OPTIONS here").exception();
  }

  @Override
  public JsonNode error(Failure failure) {
    return Refusal.json(Problems.of(failure));
  }

  @Override
  public Optional<Guard> guard() {
    return Optional.of(doors);
  }

  @Override
  public void end(Duration grace) {
    pulls.end();
    answering.ifPresent(a -> a.end(grace));
    events.end();
    clock.close();
  }
}
