package dev.hadal.app.server.page;

import dev.hadal.Hadal;
import dev.hadal.app.models.Lease;
import dev.hadal.app.models.ModelPool;
import dev.hadal.app.models.Resident;
import dev.hadal.app.server.Failure;
import dev.hadal.app.server.Fields;
import dev.hadal.app.server.Job;
import dev.hadal.app.server.RequestException;
import dev.hadal.app.server.Traffic;
import dev.hadal.app.server.answer.Answers;
import dev.hadal.app.server.answer.Chorus;
import dev.hadal.app.server.answer.Generation;
import dev.hadal.app.server.answer.SamplingFields;
import dev.hadal.app.server.answer.Wish;
import dev.hadal.app.store.Message;
import dev.hadal.app.store.Problem;
import dev.hadal.app.store.Store;
import dev.hadal.app.store.StoreException;
import dev.hadal.app.store.Wire;
import dev.hadal.engine.CapacityException;
import dev.hadal.engine.EngineOptions;
import dev.hadal.engine.EngineStats;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The answers that run: made on a thread each, whoever looks on. */
final class Answering {
  private static final System.Logger LOG = System.getLogger("dev.hadal.server");
  private static final int MOST = 1_000;

  private final Store store;
  private final ModelPool pool;
  private final Traffic traffic;
  private final Events events;
  private final Shelf shelf;
  private final Map<String, Answer> running = new ConcurrentHashMap<>();

  Answering(Store store, ModelPool pool, Traffic traffic, Events events, Shelf shelf) {
    this.store = store;
    this.pool = pool;
    this.traffic = traffic;
    this.events = events;
    this.shelf = shelf;
  }

  Events events() {
    return events;
  }

  Collection<Answer> running() {
    return running.values();
  }

  Optional<Answer> find(String message) {
    return Optional.ofNullable(running.get(message));
  }

  /** Refuses at once what would be refused later. */
  void checkRoom(String model) {
    boolean full = running.size() >= MOST;
    for (Resident resident : pool.resident()) {
      EngineStats stats = resident.model().engine().stats();
      EngineOptions options = resident.model().engine().options();
      full |=
          resident.entry().name().equals(model)
              && stats.running() + stats.waiting() >= options.maxSequences() + options.maxQueue();
    }
    if (full) {
      throw new Failure(
              Failure.Kind.BUSY,
              "as many answers wait for " + model + " as may",
              null,
              Optional.of(Duration.ofSeconds(5)))
          .exception();
    }
  }

  /** An answer to begin; it is in the store already. */
  Answer prepare(Message begun, Plan plan) {
    return new Answer(begun, plan, new Job(pool, "page"), this);
  }

  /** Begins, and returns. */
  void start(Answer answer) {
    running.put(answer.id(), answer);
    answer.begin(events);
    Thread.ofVirtual().name("hadal-answer").start(() -> answer(answer));
  }

  private void answer(Answer answer) {
    Job job = answer.job();
    traffic.enter(job);
    try (job) {
      speak(answer, job);
    } catch (RequestException e) {
      // One that was stopped has ended by then, and this is not heard.
      answer.end("error", "error", Problems.of(e.failure()));
    } catch (RuntimeException | Error e) {
      Problem problem = Problems.of(e);
      boolean heard = running.containsKey(answer.id()); // if not, it has ended: nobody is to blame
      if (heard && problem.code().equals("internal")) {
        LOG.log(System.Logger.Level.ERROR, "an answer failed", e);
      }
      answer.end("error", "error", problem);
    } finally {
      traffic.leave(job);
      answer.over();
    }
  }

  private void speak(Answer answer, Job job) {
    Hadal model = lease(answer, job).model();
    Plan plan = answer.plan();
    answer.stage("prompt");
    Wish wish =
        Wish.of(
            SamplingFields.read(
                Fields.of(Wire.json(plan.settings().sampling())), model.sampling(), "max_tokens"));
    Chorus chorus = Answers.chat(job, model, plan.request(), wish, 1);
    Generation voice = chorus.voice(0);
    answer.asked(voice);
    for (Optional<Chorus.Said> said = chorus.next(); said.isPresent(); said = chorus.next()) {
      said.get().piece().ifPresent(piece -> answer.add(piece.event()));
    }
    answer.end("done", voice.finish().equals("length") ? "length" : "stop", null);
  }

  /** The model; where two do not fit in memory, the other side of a comparison has it first. */
  private Lease lease(Answer answer, Job job) {
    String name = answer.plan().model();
    Plan.Rival rival = answer.plan().rival().get();
    while (true) {
      job.check();
      answer.stage(shelf.isLoaded(name) ? "queued" : "loading");
      boolean alone = rival == null || rival.isOver();
      try {
        Lease lease = job.lease(name);
        shelf.loaded(name);
        return lease;
      } catch (CapacityException e) {
        if (alone || rival == null) {
          throw e;
        }
        await(answer, rival, e);
      } catch (RuntimeException e) {
        shelf.failed(name, e);
        throw e;
      }
    }
  }

  /** Waits for the other one, unless that waits for this one. */
  private void await(Answer answer, Plan.Rival rival, CapacityException why) {
    synchronized (this) {
      if (rival.isWaiting()) {
        throw why;
      }
      answer.waiting(true);
    }
    answer.stage("queued");
    try {
      rival.awaitOver();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw why;
    } finally {
      answer.waiting(false);
    }
  }

  /** Keeps an answer that has ended; a store that cannot is no reason to hold it up. */
  void keep(Answer answer, Message ended) {
    try {
      store
          .messages()
          .ended(ended, System.currentTimeMillis())
          .ifPresent(c -> events.tell("conversation", Wire.json(c)));
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.ERROR, "an answer could not be kept", e);
    } finally {
      running.remove(answer.id(), answer);
    }
  }

  void keepSoFar(String id, String content, String thinking) {
    Thread.startVirtualThread(() -> {
      try {
        store.messages().grown(id, content, thinking);
      } catch (StoreException e) {
        LOG.log(System.Logger.Level.WARNING, "what an answer has so far could not be kept", e);
      }
    });
  }

  void ended(Answer answer, Message ended) {
    answer.plan().ended().accept(ended);
  }

  /** Stops the answers of a conversation. */
  void stop(String conversation) {
    running.values().stream()
        .filter(answer -> conversation.equals(answer.conversation()))
        .forEach(Answer::stop);
  }

  /** Lets them finish within the grace; the rest ends with what it has. */
  void end(Duration grace) {
    long until = System.nanoTime() + grace.toNanos();
    try {
      while (!running.isEmpty() && System.nanoTime() < until) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Problem why =
        new Problem(
            "restarted",
            "the server ended while this was answered",
            "What had come is kept; answer again for a whole one.",
            null);
    for (Answer answer : running.values()) {
      answer.end("error", "error", why);
      answer.job().stop(Failure.of(Failure.Kind.ENDING, "this server is ending"));
    }
  }
}
