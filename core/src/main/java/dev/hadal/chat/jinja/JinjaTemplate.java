package dev.hadal.chat.jinja;

import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed template. Immutable and free of state, so any number of threads may render it.
 *
 * <p>Variables are plain values: maps, lists, strings, numbers, booleans, null. A template sees
 * copies of them and cannot reach anything else.
 */
public final class JinjaTemplate {
  private static final int LONGEST_SOURCE = 1 << 22;

  private final String name;
  private final String source;
  private final List<Stmt> body;
  private final Limits limits;
  private final Clock clock;

  private JinjaTemplate(String name, String source, List<Stmt> body, Limits limits, Clock clock) {
    this.name = name;
    this.source = source;
    this.body = body;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException if it is not one
   */
  public static JinjaTemplate of(String source) {
    return of(source, "template");
  }

  /** As {@link #of(String)}, with a name for error messages. */
  public static JinjaTemplate of(String source, String name) {
    try {
      if (source.length() > LONGEST_SOURCE) {
        throw new TemplateException(
            1, "a source of " + source.length() + " characters; at most " + LONGEST_SOURCE);
      }
      return new JinjaTemplate(
          name, source, Parser.parse(source), Limits.DEFAULT, Clock.system(ZoneId.systemDefault()));
    } catch (TemplateException e) {
      throw e.located(name, 1);
    }
  }

  /** The same template with another clock behind {@code strftime_now}. */
  public JinjaTemplate withClock(Clock newClock) {
    return new JinjaTemplate(name, source, body, limits, newClock);
  }

  /** The same template with other limits. */
  public JinjaTemplate withLimits(Limits newLimits) {
    return new JinjaTemplate(name, source, body, newLimits, clock);
  }

  public String source() {
    return source;
  }

  public String name() {
    return name;
  }

  /**
   * The template's text for these variables.
   *
   * @throws TemplateException if it fails, refuses ({@link TemplateException#isRaised}) or runs
   *     into a limit
   */
  public String render(Map<String, ? extends @Nullable Object> variables) {
    Runtime runtime = new Runtime(limits, clock);
    try {
      Map<String, Object> names = new HashMap<>();
      variables.forEach((variable, value) -> names.put(variable, Values.of(value)));
      return new Renderer(runtime, Scope.root(names)).render(body);
    } catch (TemplateException e) {
      throw e.located(name, runtime.line());
    } catch (StackOverflowError e) {
      // The depth limit comes first on a stack of usual size; this is for threads with a tiny one.
      throw new TemplateException("evaluation is nested too deep for this thread's stack")
          .located(name, runtime.line());
    }
  }
}
