package dev.hadal.app.store;

import java.util.List;

/** The tables, as a list of steps from one version to the next. A released step never changes. */
final class Schema {
  /** "HADA": who opens the file with another tool sees whose it is. */
  static final int APPLICATION = 0x48414441;

  private Schema() {}

  /** Step i leads from version i to i + 1. */
  static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              CREATE TABLE conversations (
                number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, pinned INTEGER NOT NULL,
                created INTEGER NOT NULL, updated INTEGER NOT NULL, model TEXT, leaf TEXT, preset TEXT,
                system TEXT NOT NULL, thinking INTEGER, sampling TEXT NOT NULL, deleted INTEGER)
              """,
              "CREATE INDEX conversations_order ON conversations (pinned, updated, number) WHERE"
                  + " deleted IS NULL",
              """
              CREATE TABLE messages (
                number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, conversation TEXT, parent TEXT,
                role TEXT NOT NULL, created INTEGER NOT NULL, content TEXT NOT NULL, thinking TEXT NOT NULL,
                attachments TEXT NOT NULL, model TEXT, state TEXT NOT NULL, finish_reason TEXT, error TEXT,
                thinking_ms INTEGER, usage TEXT, timings TEXT)
              """,
              "CREATE INDEX messages_of ON messages (conversation, number)",
              "CREATE INDEX messages_running ON messages (conversation) WHERE state = 'running'",
              """
              CREATE TABLE presets (id TEXT PRIMARY KEY, name TEXT NOT NULL, system TEXT NOT NULL, thinking INTEGER, sampling TEXT NOT NULL)
              """,
              """
              CREATE TABLE comparisons (
                number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL, prompt TEXT NOT NULL,
                attachments TEXT NOT NULL, system TEXT NOT NULL, sampling TEXT NOT NULL, category TEXT NOT NULL, blind INTEGER NOT NULL,
                model_a TEXT NOT NULL, model_b TEXT NOT NULL, answer_a TEXT NOT NULL, answer_b TEXT NOT NULL, vote TEXT)
              """,
              // Row n is message n, row -n the title of conversation n; the text is only indexed.
              """
              CREATE VIRTUAL TABLE search USING fts5 (text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2")
              """));
}
