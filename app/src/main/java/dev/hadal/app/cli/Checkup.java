package dev.hadal.app.cli;

import java.util.List;

/**
 * Everything that {@code hadal doctor} found out.
 *
 * @param description of the back end that is used, by itself
 */
record Checkup(
    MachineFacts machine,
    JvmFacts java,
    List<BackEndFacts> backEnds,
    String description,
    SpeedFacts speed) {}
