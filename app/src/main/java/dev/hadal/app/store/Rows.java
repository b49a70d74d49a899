package dev.hadal.app.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of the tables as records. */
final class Rows {
  static final String CONVERSATIONS =
      """
      SELECT c.*, EXISTS (SELECT 1 FROM messages m WHERE m.conversation = c.id AND m.state = 'running') AS running,
        (SELECT count(*) FROM messages m WHERE m.conversation = c.id) AS messages_count FROM conversations c
      """;

  private Rows() {}

  static Conversation conversation(ResultSet row) throws SQLException {
    return new Conversation(
        row.getString("id"),
        row.getString("title"),
        row.getBoolean("pinned"),
        row.getLong("created"),
        row.getLong("updated"),
        row.getString("model"),
        row.getString("leaf"),
        row.getBoolean("running"),
        row.getInt("messages_count"),
        row.getString("preset"),
        row.getString("system"),
        flag(row, "thinking"),
        sampling(row));
  }

  static Message message(ResultSet row) throws SQLException {
    return new Message(
        row.getString("id"),
        row.getString("conversation"),
        row.getString("parent"),
        row.getString("role"),
        row.getLong("created"),
        row.getString("content"),
        row.getString("thinking"),
        attachments(row),
        row.getString("model"),
        row.getString("state"),
        null,
        null,
        row.getString("finish_reason"),
        Wire.parse(row.getString("error"), Problem.class),
        number(row, "thinking_ms"),
        Wire.parse(row.getString("usage"), Usage.class),
        Wire.parse(row.getString("timings"), Timings.class));
  }

  static Preset preset(ResultSet row) throws SQLException {
    return new Preset(
        row.getString("id"),
        row.getString("name"),
        row.getString("system"),
        flag(row, "thinking"),
        sampling(row));
  }

  static Comparison comparison(ResultSet row) throws SQLException {
    return new Comparison(
        row.getString("id"),
        row.getLong("created"),
        row.getString("prompt"),
        attachments(row),
        row.getString("system"),
        sampling(row),
        row.getString("category"),
        row.getBoolean("blind"),
        row.getString("model_a"),
        row.getString("model_b"),
        row.getString("answer_a"),
        row.getString("answer_b"),
        Wire.parse(row.getString("vote"), Comparison.Vote.class));
  }

  private static List<Attachment> attachments(ResultSet row) throws SQLException {
    Attachment[] all = Wire.parse(row.getString("attachments"), Attachment[].class);
    return all == null ? List.of() : List.of(all);
  }

  private static Sampling sampling(ResultSet row) throws SQLException {
    Sampling sampling = Wire.parse(row.getString("sampling"), Sampling.class);
    return sampling == null ? Sampling.DEFAULT : sampling;
  }

  private static @Nullable Boolean flag(ResultSet row, String column) throws SQLException {
    boolean value = row.getBoolean(column);
    return row.wasNull() ? null : Boolean.valueOf(value);
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : Long.valueOf(value);
  }
}
