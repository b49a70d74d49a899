package dev.hadal.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TurnsTest {
  @Test
  void aBackslashAndAFenceKeepATurnOpen() {
    assertThat(Turns.isOpen("one\\")).isTrue();
    assertThat(Turns.isOpen("\"\"\"")).isTrue();
    assertThat(Turns.isOpen("\"\"\"\none\ntwo")).isTrue();
    assertThat(Turns.isOpen("\"\"\"\none\n\"\"\"")).isFalse();
    assertThat(Turns.isOpen("one")).isFalse();
  }

  @Test
  void aClosedTurnHasNothingOfWhatHeldIt() {
    assertThat(Turns.close("one\\\ntwo")).isEqualTo("one\ntwo");
    assertThat(Turns.close("\"\"\"\none\n  two\n\"\"\"")).isEqualTo("one\n  two");
    assertThat(Turns.close("\"\"\"one")).isEqualTo("one");
    assertThat(Turns.close(" plain ")).isEqualTo("plain");
  }

  @Test
  void escapesAreReadAndShown() {
    assertThat(Escapes.read("a\\nb\\tc\\\\n\\x")).isEqualTo("a\nb\tc\\n\\x");
    assertThat(Escapes.show("a\nb\u0007\\")).isEqualTo("a\\nb\\u0007\\\\");
  }
}
