package dev.hadal.app.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Comparisons of two models, and who won how often. */
public final class Comparisons {
  private final Database database;

  Comparisons(Database database) {
    this.database = database;
  }

  /** A comparison with its two answers, which begin. */
  public void add(Comparison c, Message answerA, Message answerB) {
    database.write(sql -> {
      Messages.insert(sql, answerA);
      Messages.insert(sql, answerB);
      return sql.change(
          "INSERT INTO comparisons (id, created, prompt, attachments, system, sampling, category,"
              + " blind, model_a, model_b, answer_a, answer_b) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
              + " ?, ?, ?)",
          c.id(),
          c.created(),
          c.prompt(),
          Wire.text(c.attachments()),
          c.system(),
          Wire.text(c.sampling()),
          c.category(),
          c.blind(),
          c.modelA(),
          c.modelB(),
          c.answerA(),
          c.answerB());
    });
  }

  public Optional<Comparison> find(String id) {
    return database.read(
        sql -> sql.one("SELECT * FROM comparisons WHERE id = ?", Rows::comparison, id));
  }

  /** The one that has this answer. */
  public Optional<Comparison> ofAnswer(String message) {
    return database.read(sql ->
        sql.one(
            "SELECT * FROM comparisons WHERE answer_a = ? OR answer_b = ?",
            Rows::comparison,
            message,
            message));
  }

  /** The newest. */
  public List<Comparison> list(int limit) {
    return database.read(sql ->
        sql.all("SELECT * FROM comparisons ORDER BY number DESC LIMIT ?", Rows::comparison, limit));
  }

  /** Those with a vote, the oldest first. */
  public List<Comparison> voted() {
    return database.read(sql ->
        sql.all(
            "SELECT * FROM comparisons WHERE vote IS NOT NULL ORDER BY number", Rows::comparison));
  }

  /** Gives the vote; false if there is one already, or no such comparison. */
  public boolean vote(String id, Comparison.Vote vote) {
    return database.write(sql ->
        sql.change(
                "UPDATE comparisons SET vote = ?, category = ? WHERE id = ? AND vote IS NULL",
                Wire.text(vote),
                vote.category(),
                id)
            > 0);
  }

  /** False if there is none of this id. */
  public boolean remove(String id) {
    return database.write(sql -> {
      sql.change(
          "DELETE FROM messages WHERE id IN (SELECT answer_a FROM comparisons WHERE id = ? UNION"
              + " ALL SELECT answer_b FROM comparisons WHERE id = ?)",
          id,
          id);
      return sql.change("DELETE FROM comparisons WHERE id = ?", id) > 0;
    });
  }

  /** Who won how often, the most wins first. */
  public List<Comparison.Tally> tally() {
    Map<String, int[]> counts = new HashMap<>();
    for (Comparison c : voted()) {
      Comparison.Vote vote = c.vote();
      String winner = vote == null ? "" : vote.winner();
      count(counts, c.modelA(), winner, "a", "b");
      count(counts, c.modelB(), winner, "b", "a");
    }
    List<Comparison.Tally> all = new ArrayList<>();
    counts.forEach((model, n) -> all.add(new Comparison.Tally(model, n[0], n[1], n[2])));
    all.sort(
        Comparator.comparingInt(Comparison.Tally::wins)
            .reversed()
            .thenComparingInt(Comparison.Tally::losses)
            .thenComparing(Comparison.Tally::model));
    return all;
  }

  private static void count(
      Map<String, int[]> counts, String model, String winner, String own, String other) {
    int[] n = counts.computeIfAbsent(model, m -> new int[3]);
    n[winner.equals(own) ? 0 : winner.equals(other) ? 1 : 2]++;
  }
}
