package dev.hadal.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class SandboxTest {
  /** The default, but that a test should not wait for fifty million steps. */
  private static final Limits FEWER_STEPS =
      new Limits(
          4_000_000,
          Limits.DEFAULT.depth(),
          Limits.DEFAULT.stringChars(),
          Limits.DEFAULT.items(),
          Limits.DEFAULT.totalChars());

  private static String render(String source) {
    return JinjaTemplate.of(source, "t").withLimits(FEWER_STEPS).render(Map.of("x", 1));
  }

  static List<String> hostile() {
    String growing =
        "{%% set ns = namespace(v=%s) %%}{%% for i in range(99) %%}{%% set ns.v = %s %%}"
            + "{%% endfor %%}{{ ns.v }}";
    return List.of(
        "{{ " + "(".repeat(100_000) + " }}",
        "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}",
        "{{ " + "[".repeat(100_000),
        "{{ " + "{1:".repeat(100_000),
        "{{ " + "-".repeat(100_000) + "1 }}",
        "{{ " + "not ".repeat(100_000) + "1 }}",
        "{{ 1" + " + 1".repeat(100_000) + " }}",
        "{{ 1" + " ** 1".repeat(100_000) + " }}",
        "{{ x" + ".a".repeat(100_000) + " }}",
        "{{ x" + "|upper".repeat(100_000) + " }}",
        "{{ x" + "()".repeat(100_000) + " }}",
        "{{ 1" + " if 1 else 1".repeat(100_000) + " }}",
        "{{ 1" + " and 1".repeat(100_000) + " }}",
        "{% if 1 %}".repeat(100_000),
        "{% for i in [1] %}".repeat(100_000),
        "{% set " + "(".repeat(100_000) + "a" + " %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{% for i in [1] %}{{ m() }}{% endfor %}{% endmacro %}{{ m() }}",
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        growing.formatted("'aa'", "ns.v + ns.v"),
        growing.formatted("'aa'", "ns.v ~ ns.v"),
        growing.formatted("'aa'", "ns.v * 100"),
        growing.formatted("'aa'", "[ns.v, ns.v]|join"),
        growing.formatted("'aa'", "ns.v|replace('a', 'aaaa')"),
        growing.formatted("'aa'", "'%s%s' % (ns.v, ns.v)"),
        growing.formatted("'aa'", "'{0}{0}'.format(ns.v)"),
        growing.formatted("[1]", "ns.v + ns.v"),
        growing.formatted("[1]", "[ns.v, ns.v]"),
        growing.formatted("99", "ns.v * ns.v"),
        "{% set ns = namespace(v=[]) %}{% for i in range(9999) %}{% set ns.v = [ns.v] %}{% endfor"
            + " %}{{ ns.v|tojson }}",
        "{{ 'a' * 10000000000 }}",
        "{{ [0] * 10000000000 }}",
        "{{ 9 ** 99999 }}",
        "{{ range(1000000000)|list }}",
        "{{ 'a'.center(2000000000) }}",
        "{{ 'a'.zfill(2000000000) }}",
        "{{ 'a'.expandtabs(2000000000) ~ '\\t'.expandtabs(2000000000) }}",
        "{{ '%2000000000d' % 1 }}",
        "{{ '%.2000000000f' % 1 }}",
        "{{ '{:2000000000}'.format(1) }}",
        "{{ 'a'|indent(2000000000, true) }}",
        "{{ [1]|batch(2000000000, 0)|list }}",
        "{{ [1]|slice(2000000000)|list }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}" + "a".repeat(1000) + "{% endfor %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ x.__class__.forName('java.lang.Runtime') }}");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileTemplatesFailAndNothingElse(String source) {
    assertThatThrownBy(() -> render(source)).isInstanceOf(TemplateException.class);
  }

  @Test
  void deepRecursionIsStoppedOnASmallStackToo() throws InterruptedException {
    List<Throwable> thrown = new ArrayList<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                render("{% macro m() %}{{ [m()]|map('upper')|list }}{% endmacro %}{{ m() }}");
              } catch (TemplateException e) {
                thrown.add(e);
              }
            },
            "small",
            256 << 10);
    thread.start();
    assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    assertThat(thrown).hasSize(1);
  }

  @Test
  void longButHarmlessTemplatesAreReadInOnePass() {
    String text = "a { b ".repeat(200_000);
    assertThat(render(text)).hasSize(text.length());
    assertThat(render("{# { #}".repeat(100_000))).isEmpty();
    assertThat(render("{% if x %}y{% endif %}".repeat(20_000))).hasSize(20_000);
    assertThat(render("{% raw %}" + "{% ".repeat(100_000) + "{% endraw %}")).hasSize(300_000);
  }

  @Test
  void failuresNameTemplateLineAndWhatWasFound() {
    assertThatThrownBy(() -> render("a\n{% for y in x %}\n{% endfor %}"))
        .hasMessage("t, line 2: 'int' object is not iterable");
    assertThatThrownBy(() -> render("\n\n{{ x + }}"))
        .hasMessage("t, line 3: found end of print statement, expected an expression");
    assertThatThrownBy(() -> render("{% if x %}\n"))
        .hasMessage(
            "t, line 1: 'if' is never closed; expected elif or else or endif before the end of"
                + " the template");
    assertThatThrownBy(() -> render("{{ y.z }}")).hasMessage("t, line 1: 'y' is undefined");
  }

  @Test
  void raisedMessagesAreTheTemplatesOwn() {
    assertThatThrownBy(() -> render("{{ raise_exception('No. <b>') }}"))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e.isRaised()).isTrue();
              assertThat(e.line()).isEqualTo(1);
            })
        .hasMessage("No. <b>");
  }

  @Test
  void limitsCanBeTightened() {
    JinjaTemplate template =
        JinjaTemplate.of("{% for i in range(50) %}{{ i }}{% endfor %}")
            .withLimits(new Limits(40, 100, 100, 100, 1000));
    assertThatThrownBy(() -> template.render(Map.of())).hasMessageContaining("more than 40 steps");
  }
}
