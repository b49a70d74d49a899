package dev.hadal.app.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The conversations; deleted ones are kept for a month, and are not there otherwise. */
public final class Conversations {
  private static final Duration KEPT = Duration.ofDays(30);

  private final Database database;
  private final InstantSource clock;

  Conversations(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * A part of the list.
   *
   * @param next what to ask for the next part with; null at the end
   */
  public record Listing(List<Conversation> conversations, @Nullable String next) {}

  /** A conversation that a search found. */
  public record Hit(Conversation conversation, Match match) {}

  /** A part of what was found, best first. */
  public record Found(List<Hit> hits, @Nullable String next) {}

  public Conversation add(Conversation conversation) {
    return database.write(sql -> insert(sql, conversation));
  }

  /** A conversation with all its messages, in order. */
  public Conversation add(Conversation conversation, List<Message> messages) {
    return database.write(sql -> {
      insert(sql, conversation);
      for (Message message : messages) {
        Messages.insert(sql, message);
      }
      return get(sql, conversation.id()).orElseThrow();
    });
  }

  private static Conversation insert(Sql sql, Conversation c) throws SQLException {
    sql.change(
        "INSERT INTO conversations (id, title, pinned, created, updated, model, leaf, preset,"
            + " system, thinking, sampling) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        c.id(),
        c.title(),
        c.pinned(),
        c.created(),
        c.updated(),
        c.model(),
        c.leaf(),
        c.preset(),
        c.system(),
        c.thinking(),
        Wire.text(c.sampling()));
    index(sql, c.id(), c.title());
    return c;
  }

  private static void index(Sql sql, String id, String title) throws SQLException {
    sql.change(
        "DELETE FROM search WHERE rowid = (SELECT -number FROM conversations WHERE id = ?)", id);
    sql.change(
        "INSERT INTO search (rowid, text) SELECT -number, ? FROM conversations WHERE id = ?",
        Words.indexed(title),
        id);
  }

  public Optional<Conversation> find(String id) {
    return database.read(sql -> get(sql, id));
  }

  private static Optional<Conversation> get(Sql sql, String id) throws SQLException {
    return sql.one(
        Rows.CONVERSATIONS + " WHERE c.id = ? AND c.deleted IS NULL", Rows::conversation, id);
  }

  /** All of them, the latest first. */
  public List<Conversation> all() {
    return database.read(sql ->
        sql.all(
            Rows.CONVERSATIONS + " WHERE c.deleted IS NULL ORDER BY c.updated DESC, c.number DESC",
            Rows::conversation));
  }

  /**
   * Pinned ones first, then the latest.
   *
   * @param before {@link Listing#next} of the part before; empty for the first
   * @throws IllegalArgumentException if it is none
   */
  public Listing list(int limit, String before) {
    long[] from = before.isEmpty() ? new long[] {2, 0, 0} : cursor(before, 3);
    return database.read(sql -> {
      record Row(Conversation conversation, long number) {}
      List<Row> rows =
          sql.all(
              Rows.CONVERSATIONS
                  + " WHERE c.deleted IS NULL AND (c.pinned, c.updated, c.number) < (?, ?, ?)"
                  + " ORDER BY c.pinned DESC, c.updated DESC, c.number DESC LIMIT ?",
              row -> new Row(Rows.conversation(row), row.getLong("number")),
              from[0],
              from[1],
              from[2],
              limit + 1);
      List<Row> shown = rows.size() > limit ? rows.subList(0, limit) : rows;
      String next = null;
      if (rows.size() > limit) {
        Conversation last = shown.getLast().conversation;
        next = (last.pinned() ? 1 : 0) + "." + last.updated() + "." + shown.getLast().number;
      }
      return new Listing(shown.stream().map(Row::conversation).toList(), next);
    });
  }

  /**
   * Those whose title or any message has all the words, best first. A title counts twice.
   *
   * @param before {@link Found#next} of the part before; empty for the first
   */
  public Found search(String query, int limit, String before) {
    Words words = Words.of(query);
    if (words.words().isEmpty()) {
      return new Found(List.of(), null);
    }
    long skipped = before.isEmpty() ? 0 : cursor(before, 1)[0];
    return database.read(sql -> {
      record Row(String conversation, @Nullable String message) {}
      List<Row> rows =
          sql.all(
              """
              WITH hits AS MATERIALIZED (SELECT rowid AS row, rank AS score FROM search WHERE search MATCH ?)
              SELECT conversation, message, min(score) AS best FROM (
                SELECT c.id AS conversation, NULL AS message, 2 * score AS score FROM hits JOIN conversations c ON c.number = -row
                  WHERE row < 0 AND c.deleted IS NULL
                UNION ALL
                SELECT c.id, m.id, score FROM hits JOIN messages m ON m.number = row JOIN conversations c ON c.id = m.conversation
                  WHERE row > 0 AND c.deleted IS NULL)
              GROUP BY conversation ORDER BY best, conversation LIMIT ? OFFSET ?
              """,
              row -> new Row(row.getString(1), row.getString(2)),
              words.match(),
              limit + 1,
              skipped);
      List<Hit> hits = new ArrayList<>();
      for (Row row : rows.subList(0, Math.min(limit, rows.size()))) {
        Conversation conversation = get(sql, row.conversation).orElseThrow();
        String text =
            row.message == null
                ? conversation.title()
                : sql.one(
                        "SELECT content FROM messages WHERE id = ?",
                        r -> r.getString(1),
                        row.message)
                    .orElse("");
        hits.add(new Hit(conversation, words.in(row.message, text)));
      }
      return new Found(hits, rows.size() > limit ? Long.toString(skipped + limit) : null);
    });
  }

  private static long[] cursor(String text, int parts) {
    String[] cut = text.split("\\.", -1);
    long[] numbers = new long[parts];
    try {
      for (int i = 0; i < parts; i++) {
        numbers[i] = Long.parseLong(cut[i]);
      }
      if (cut.length == parts && numbers[0] >= 0) {
        return numbers;
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "before is '%s'; expected what an answer said as 'next'"
            .formatted(text.length() > 80 ? text.substring(0, 80) : text));
  }

  /** Changes one; empty if it is not there. */
  public Optional<Conversation> change(String id, UnaryOperator<Conversation> change) {
    return database.write(sql -> change(sql, id, change));
  }

  static Optional<Conversation> change(Sql sql, String id, UnaryOperator<Conversation> change)
      throws SQLException {
    Optional<Conversation> before = get(sql, id);
    if (before.isEmpty()) {
      return before;
    }
    Conversation c = change.apply(before.get());
    sql.change(
        "UPDATE conversations SET title = ?, pinned = ?, updated = ?, model = ?, leaf = ?, preset ="
            + " ?, system = ?, thinking = ?, sampling = ? WHERE id = ?",
        c.title(),
        c.pinned(),
        c.updated(),
        c.model(),
        c.leaf(),
        c.preset(),
        c.system(),
        c.thinking(),
        Wire.text(c.sampling()),
        id);
    if (!c.title().equals(before.get().title())) {
      index(sql, id, c.title());
    }
    return get(sql, id);
  }

  /** Puts one away; false if it is not there. */
  public boolean delete(String id) {
    return database.write(sql ->
        sql.change(
                "UPDATE conversations SET deleted = ? WHERE id = ? AND deleted IS NULL",
                clock.millis(),
                id)
            > 0);
  }

  /** Takes one back; empty if it is gone for good. */
  public Optional<Conversation> restore(String id) {
    return database.write(sql -> {
      sql.change("UPDATE conversations SET deleted = NULL WHERE id = ?", id);
      return get(sql, id);
    });
  }

  /** Removes for good what was put away a month ago. */
  void purge() {
    long before = clock.millis() - KEPT.toMillis();
    database.write(sql -> {
      String gone = "(SELECT id FROM conversations WHERE deleted < ?)";
      sql.change(
          "DELETE FROM search WHERE rowid IN (SELECT number FROM messages WHERE conversation IN "
              + gone
              + " UNION ALL SELECT -number FROM conversations WHERE deleted < ?)",
          before,
          before);
      sql.change("DELETE FROM messages WHERE conversation IN " + gone, before);
      return sql.change("DELETE FROM conversations WHERE deleted < ?", before);
    });
  }

  /**
   * Copies of conversations under new ids: an import never overwrites.
   *
   * @return as they are kept
   */
  public List<Conversation> take(List<Whole> imported) {
    List<Conversation> taken = new ArrayList<>();
    for (Whole whole : imported) {
      String id = Wire.id("c");
      Map<String, String> ids = new HashMap<>();
      whole.messages().forEach(m -> ids.put(m.id(), Wire.id("m")));
      List<Message> messages = new ArrayList<>();
      for (Message m : whole.messages()) {
        messages.add(
            m.moved(
                ids.getOrDefault(m.id(), Wire.id("m")),
                id,
                m.parent() == null ? null : ids.get(m.parent())));
      }
      Conversation c = whole.conversation();
      String leaf = c.leaf() == null ? null : ids.get(c.leaf());
      taken.add(
          add(
              new Conversation(
                  id,
                  c.title(),
                  c.pinned(),
                  c.created(),
                  c.updated(),
                  c.model(),
                  leaf,
                  false,
                  0,
                  null,
                  c.system(),
                  c.thinking(),
                  c.sampling()),
              messages));
    }
    return taken;
  }
}
