package dev.hadal.grammar;

import java.util.List;

/** One of several texts, exactly. */
public final class Choices {
  private Choices() {}

  /**
   * @throws IllegalArgumentException if there are none, or only an empty one
   */
  public static Grammar of(List<String> texts) {
    if (texts.stream().allMatch(String::isEmpty)) {
      throw new IllegalArgumentException("choices: none is given; give at least one text");
    }
    return Grammar.of(algebra -> algebra.alt(texts.stream().map(algebra::text).toList()));
  }
}
