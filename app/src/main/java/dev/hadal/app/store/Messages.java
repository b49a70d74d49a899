package dev.hadal.app.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The messages of all conversations, and the answers of comparisons. */
public final class Messages {
  private final Database database;

  Messages(Database database) {
    this.database = database;
  }

  public Optional<Message> find(String id) {
    return database.read(sql -> sql.one("SELECT * FROM messages WHERE id = ?", Rows::message, id));
  }

  /** Those of a conversation, in order of creation. */
  public List<Message> of(String conversation) {
    return database.read(sql ->
        sql.all(
            "SELECT * FROM messages WHERE conversation = ? ORDER BY number",
            Rows::message,
            conversation));
  }

  /** An answer without a conversation. */
  public void add(Message message) {
    database.write(sql -> insert(sql, message));
  }

  /** Messages of a conversation, and what they change in it, at once; empty if it is gone. */
  public Optional<Conversation> add(
      String conversation, List<Message> messages, UnaryOperator<Conversation> change) {
    return database.write(sql -> {
      Optional<Conversation> known = Conversations.change(sql, conversation, change);
      if (known.isPresent()) {
        for (Message message : messages) {
          insert(sql, message);
        }
      }
      return known.isEmpty() ? known : Conversations.change(sql, conversation, c -> c);
    });
  }

  static Message insert(Sql sql, Message m) throws SQLException {
    sql.change(
        "INSERT INTO messages (id, conversation, parent, role, created, content, thinking,"
            + " attachments, model, state, finish_reason, error, thinking_ms, usage, timings)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        m.id(),
        m.conversation(),
        m.parent(),
        m.role(),
        m.created(),
        m.content(),
        m.thinking(),
        Wire.text(m.attachments()),
        m.model(),
        m.state(),
        m.finishReason(),
        Wire.text(m.error()),
        m.thinkingMs(),
        Wire.text(m.usage()),
        Wire.text(m.timings()));
    if (m.conversation() != null && !m.isRunning()) {
      index(sql, m.id(), m.content());
    }
    return m;
  }

  /** What has come of a running answer. */
  public void grown(String id, String content, String thinking) {
    database.write(sql ->
        sql.change(
            "UPDATE messages SET content = ?, thinking = ? WHERE id = ? AND state = 'running'",
            content,
            thinking,
            id));
  }

  /** An answer that has ended; its conversation is changed by it. */
  public Optional<Conversation> ended(Message m, long now) {
    return database.write(sql -> {
      update(sql, m);
      @Nullable String conversation = m.conversation();
      return conversation == null
          ? Optional.empty()
          : Conversations.change(sql, conversation, c -> c.touched(now));
    });
  }

  private static void update(Sql sql, Message m) throws SQLException {
    sql.change(
        "UPDATE messages SET content = ?, thinking = ?, state = ?, finish_reason = ?, error = ?,"
            + " thinking_ms = ?, usage = ?, timings = ? WHERE id = ?",
        m.content(),
        m.thinking(),
        m.state(),
        m.finishReason(),
        Wire.text(m.error()),
        m.thinkingMs(),
        Wire.text(m.usage()),
        Wire.text(m.timings()),
        m.id());
    if (m.conversation() != null) {
      index(sql, m.id(), m.content());
    }
  }

  private static void index(Sql sql, String id, String content) throws SQLException {
    sql.change("DELETE FROM search WHERE rowid = (SELECT number FROM messages WHERE id = ?)", id);
    sql.change(
        "INSERT INTO search (rowid, text) SELECT number, ? FROM messages WHERE id = ?",
        Words.indexed(content),
        id);
  }

  /** Answers that ran when the process ended keep what had come, and say so. */
  void endRunning() {
    Problem why =
        new Problem(
            "restarted",
            "the server ended while this was answered",
            "What had come is kept; answer again for a whole one.",
            null);
    database.write(sql -> {
      List<Message> running =
          sql.all("SELECT * FROM messages WHERE state = 'running'", Rows::message);
      for (Message m : running) {
        update(sql, m.ended("error", "error", why, null, null, null));
      }
      return running.size();
    });
  }
}
