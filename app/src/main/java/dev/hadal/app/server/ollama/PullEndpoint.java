package dev.hadal.app.server.ollama;

import dev.hadal.app.hub.HubException;
import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.hub.Library;
import dev.hadal.app.hub.ModelName;
import dev.hadal.app.hub.PullListener;
import dev.hadal.app.hub.Puller;
import dev.hadal.app.server.Call;
import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Frames;
import dev.hadal.app.server.Handler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * POST /api/pull: fetches a model, and says how far it is. When the client hangs up the download
 * stops; the next one goes on from there.
 */
final class PullEndpoint implements Handler {
  private final HubSettings hub;

  PullEndpoint(HubSettings hub) {
    this.hub = hub;
  }

  @Override
  public void handle(Call call) throws IOException {
    Fields fields = call.fields();
    boolean stream = fields.flag("stream", true);
    String asked = Names.asked(fields);
    ModelName name = ModelName.of(asked);
    Telling telling = new Telling(stream ? call.frames(Frames.NDJSON) : null);
    telling.status("pulling manifest");
    if (!isServed(call, asked, name)) {
      pull(call, name, telling);
    }
    telling.status("success");
    if (!stream) {
      call.json(Ollama.object().put("status", "success"));
    }
  }

  /** Whether the server was started with a model of this name, so that none is needed. */
  private boolean isServed(Call call, String asked, ModelName name) throws IOException {
    try {
      Names.known(call.pool(), asked);
      return new Library(hub).find(name).isEmpty();
    } catch (IllegalArgumentException e) {
      return false; // it is not here, or not all of it
    }
  }

  private void pull(Call call, ModelName name, Telling telling) {
    call.stoppable(telling::stop);
    try {
      new Puller(hub, telling).pull(name);
    } catch (HubException e) {
      throw Failure.of(Failure.Kind.NOT_FOUND, String.valueOf(e.getMessage())).exception();
    } catch (IOException e) {
      call.check();
      throw Failure.of(
              Failure.Kind.INTERNAL,
              "%s was not fetched: %s".formatted(name.typed(), e.getMessage()))
          .exception();
    } finally {
      telling.over();
    }
    call.check();
  }

  /** Puts what happens into lines, where somebody wants them. */
  private static final class Telling implements PullListener {
    private final @Nullable Frames frames;
    private final Thread puller = Thread.currentThread();
    private volatile String digest = "";
    private volatile String file = "";
    private boolean over;

    Telling(@Nullable Frames frames) {
      this.frames = frames;
    }

    /** Ends the pull. */
    synchronized void stop() {
      if (!over) {
        puller.interrupt();
      }
    }

    /** Nothing is to be ended any more: the thread goes on to other work. */
    synchronized void over() {
      over = true;
      Thread.interrupted();
    }

    void status(String status) {
      tell(Ollama.object().put("status", status));
    }

    @Override
    public void begins(String what, long bytes) {}

    @Override
    public void fetches(String name, String checksum, long bytes) {
      file = name;
      digest = checksum.isEmpty() ? "" : (checksum.length() == 64 ? "sha256:" : "sha1:") + checksum;
    }

    @Override
    public void progress(String stage, long done, long total) {
      boolean fetching = stage.equals(file);
      String shown = digest.isEmpty() ? file : digest.substring(digest.indexOf(':') + 1, 19);
      ObjectNode line = Ollama.object();
      line.put("status", fetching ? "pulling " + shown : "verifying " + shown);
      if (fetching) {
        line.put("digest", digest.isEmpty() ? file : digest);
        line.put("total", total).put("completed", done);
      }
      tell(line);
    }

    @Override
    public void says(String sentence) {
      status(sentence);
    }

    private void tell(ObjectNode line) {
      Frames to = frames;
      if (to == null) {
        return;
      }
      try {
        to.data(line);
      } catch (IOException e) {
        stop(); // nobody listens any more
      }
    }
  }
}
