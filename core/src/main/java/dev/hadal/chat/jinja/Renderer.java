package dev.hadal.chat.jinja;

import dev.hadal.chat.jinja.Stmt.Target;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs statements: text goes out, names go into scopes. */
final class Renderer {
  /** How a statement ended. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Runtime runtime;
  private final Evaluator evaluator;
  private final Scope root;

  Renderer(Runtime runtime, Scope root) {
    this.runtime = runtime;
    this.root = root;
    evaluator = new Evaluator(runtime);
  }

  String render(List<Stmt> template) {
    return capture(template, root);
  }

  Object evaluate(Expr expr, Scope scope) {
    return evaluator.evaluate(expr, scope);
  }

  /** The text that the statements write. */
  String capture(List<Stmt> body, Scope scope) {
    Output out = new Output(runtime);
    run(body, scope, out);
    return out.toString();
  }

  private Flow run(List<Stmt> body, Scope scope, Output out) {
    for (Stmt statement : body) {
      Flow flow = run(statement, scope, out);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Stmt statement, Scope scope, Output out) {
    runtime.enter();
    runtime.at(statement.line());
    Flow flow = Flow.NEXT;
    switch (statement) {
      case Stmt.Text text -> out.write(text.text());
      case Stmt.Print print -> out.write(Printer.str(evaluate(print.value(), scope)));
      case Stmt.Set set -> assign(set.target(), evaluate(set.value(), scope), scope);
      case Stmt.SetBlock set -> {
        Scope inner = scope.inner();
        String text = capture(set.body(), inner);
        Object value = set.filter() == null ? text : evaluator.filter(set.filter(), inner, text);
        assign(set.target(), value, scope);
      }
      case Stmt.If conditional -> flow = conditional(conditional, scope, out);
      case Stmt.For loop -> loop(loop, scope, out);
      case Stmt.Break unused -> flow = Flow.BREAK;
      case Stmt.Continue unused -> flow = Flow.CONTINUE;
      case Stmt.With with -> flow = with(with, scope, out);
      case Stmt.Macro macro ->
          scope.set(
              macro.name(),
              new MacroValue(macro.name(), macro.signature(), macro.body(), scope, this));
      case Stmt.CallBlock block -> {
        MacroValue caller = new MacroValue("", block.signature(), block.body(), scope, this);
        out.write(Printer.str(evaluator.call(block.call(), scope, "caller", caller)));
      }
      case Stmt.FilterBlock block -> {
        Scope inner = scope.inner();
        String text = capture(block.body(), inner);
        out.write(Printer.str(evaluator.filter(block.filter(), inner, text)));
      }
      case Stmt.Block block -> block(block, scope, out);
      case Stmt.Generation generation -> flow = run(generation.body(), scope.inner(), out);
      case Stmt.Autoescape autoescape -> {
        if (evaluator.truthy(autoescape.on(), scope)) {
          throw new TemplateException("autoescape is not available; chat templates are plain text");
        }
        flow = run(autoescape.body(), scope.inner(), out);
      }
      case Stmt.Do effect -> {
        Object unused = evaluate(effect.value(), scope);
      }
      case Stmt.Load load ->
          throw new TemplateException(
              "'" + load.tag() + "' is not available: a chat template stands alone");
    }
    runtime.leave();
    return flow;
  }

  private Flow conditional(Stmt.If conditional, Scope scope, Output out) {
    for (Stmt.Branch branch : conditional.branches()) {
      if (evaluator.truthy(branch.test(), scope)) {
        return run(branch.body(), scope, out);
      }
    }
    return run(conditional.otherwise(), scope, out);
  }

  private Flow with(Stmt.With with, Scope scope, Output out) {
    Scope inner = scope.inner();
    for (int i = 0; i < with.targets().size(); i++) {
      assign(with.targets().get(i), evaluate(with.values().get(i), scope), inner);
    }
    return run(with.body(), inner, out);
  }

  private void block(Stmt.Block block, Scope scope, Output out) {
    if (block.required()) {
      throw new TemplateException("required block '" + block.name() + "' is not filled");
    }
    run(block.body(), block.scoped() ? scope.inner() : root.inner(), out);
  }

  private void loop(Stmt.For loop, Scope scope, Output out) {
    Object items = evaluate(loop.items(), scope);
    if (loop.recursive()) {
      out.write(recurse(loop, items, scope, 0));
    } else {
      iterate(loop, items, scope, 0, out);
    }
  }

  private String recurse(Stmt.For loop, Object items, Scope scope, int depth) {
    Output out = new Output(runtime);
    iterate(loop, items, scope, depth, out);
    return out.toString();
  }

  private void iterate(Stmt.For loop, Object iterable, Scope scope, int depth, Output out) {
    List<Object> items = filtered(loop, Values.iterator(iterable), scope);
    LoopContext context =
        new LoopContext(
            items,
            depth,
            loop.recursive() ? (inner, level) -> recurse(loop, inner, scope, level) : null);
    boolean completedOne = false;
    for (Object item : items) {
      runtime.step();
      context.advance();
      Scope inner = scope.inner();
      inner.set("loop", context);
      assign(loop.target(), item, inner);
      Flow flow = run(loop.body(), inner, out);
      if (flow == Flow.BREAK) {
        break;
      }
      completedOne |= flow == Flow.NEXT;
    }
    // As in Jinja, the else part also runs when every round was cut short by break or continue.
    if (!completedOne && !loop.otherwise().isEmpty()) {
      Flow unused = run(loop.otherwise(), scope.inner(), out);
    }
  }

  private List<Object> filtered(Stmt.For loop, Iterator<Object> items, Scope scope) {
    List<Object> kept = new ArrayList<>();
    while (items.hasNext()) {
      runtime.step();
      Object item = items.next();
      if (loop.test() != null) {
        Scope inner = scope.inner();
        assign(loop.target(), item, inner);
        if (!evaluator.truthy(loop.test(), inner)) {
          continue;
        }
      }
      kept.add(item);
      runtime.checkItems(kept.size());
    }
    return kept;
  }

  private void assign(Target target, Object value, Scope scope) {
    switch (target) {
      case Target.Name name -> scope.set(name.name(), value);
      case Target.Attribute attribute -> {
        @Nullable Object namespace = scope.find(attribute.namespace());
        if (!(namespace instanceof Namespace attributes)) {
          throw new TemplateException(
              "cannot assign attribute '%s' of '%s': it is not a namespace()"
                  .formatted(attribute.name(), attribute.namespace()));
        }
        attributes.set(attribute.name(), value);
      }
      case Target.Tuple tuple -> {
        List<Object> values = Values.list(runtime, value);
        List<Target> targets = tuple.targets();
        if (values.size() != targets.size()) {
          throw new TemplateException(
              "cannot unpack %d values into %d names".formatted(values.size(), targets.size()));
        }
        for (int i = 0; i < targets.size(); i++) {
          assign(targets.get(i), values.get(i), scope);
        }
      }
    }
  }
}
