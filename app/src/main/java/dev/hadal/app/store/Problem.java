package dev.hadal.app.store;

import org.jspecify.annotations.Nullable;

/**
 * Why something failed.
 *
 * @param code stable, for programs
 * @param message a sentence for people
 * @param hint what to do
 * @param param the field at fault
 */
public record Problem(String code, String message, @Nullable String hint, @Nullable String param) {}
