package dev.hadal.app.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a search found its words.
 *
 * @param message null where they are in the title
 * @param ranges begin and end of each, UTF-16 offsets into the snippet
 */
public record Match(@Nullable String message, String snippet, List<int[]> ranges) {}
