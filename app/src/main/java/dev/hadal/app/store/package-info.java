/**
 * What people keep: conversations as trees of messages, presets, comparisons with their votes, in
 * one SQLite file. Its records are the page's words too ({@code docs/page-api.md}), so that what is
 * stored, shown and exported is one form.
 */
@NullMarked
package dev.hadal.app.store;

import org.jspecify.annotations.NullMarked;
