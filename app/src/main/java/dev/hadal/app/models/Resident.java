package dev.hadal.app.models;

import dev.hadal.Hadal;
import java.time.Instant;
import java.util.Optional;

/**
 * A model that is loaded.
 *
 * @param model to look at, not to use: it may be closed at any time; {@link ModelPool#lease} it
 * @param users how many use it now
 * @param expires when it goes if nobody asks for it; empty if it stays
 */
public record Resident(
    Catalog.Entry entry, Hadal model, int users, boolean pinned, Optional<Instant> expires) {}
