package dev.hadal.app.store;

/**
 * A text that a person sends along.
 *
 * @param type a media type, such as {@code text/plain}
 */
public record Attachment(String name, String type, String text) {}
