package dev.hadal.chat.jinja;

import dev.hadal.chat.jinja.Stmt.Target;
import dev.hadal.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a template's statements. */
final class Parser {
  private final TokenStream in;
  private final ExpressionParser expressions;
  private int loops;

  private Parser(List<Token> tokens) {
    in = new TokenStream(tokens);
    expressions = new ExpressionParser(in);
  }

  static List<Stmt> parse(String source) {
    Parser parser = new Parser(Lexer.tokenize(source));
    return parser.statements(Set.of(), "");
  }

  /** The statements up to one of the end tags, whose name is then the current token. */
  private List<Stmt> statements(Set<String> ends, String opener) {
    in.enter();
    int start = in.current().line();
    List<Stmt> body = new ArrayList<>();
    while (true) {
      Token token = in.current();
      switch (token.kind()) {
        case DATA -> body.add(new Stmt.Text(token.line(), in.next().text()));
        case VARIABLE_BEGIN -> {
          in.next();
          body.add(new Stmt.Print(token.line(), expressions.tupleOrExpression(true, false, null)));
          in.expect(Kind.VARIABLE_END);
        }
        case BLOCK_BEGIN -> {
          in.next();
          if (in.is(Kind.NAME) && ends.contains(in.current().text())) {
            in.leave();
            return body;
          }
          body.addAll(statement());
          in.expect(Kind.BLOCK_END);
        }
        default -> {
          if (!ends.isEmpty()) {
            throw new TemplateException(
                start,
                "'%s' is never closed; expected %s before the end of the template"
                    .formatted(opener, String.join(" or ", ends.stream().sorted().toList())));
          }
          in.leave();
          return body;
        }
      }
    }
  }

  /** A tag's body and its end tag; what stands in the end tag behind its name is left. */
  private List<Stmt> body(String end, String opener) {
    endOfOpeningTag();
    List<Stmt> body = statements(Set.of(end), opener);
    in.next();
    return body;
  }

  private void endOfOpeningTag() {
    in.skipOperator(":");
    in.expect(Kind.BLOCK_END);
  }

  private List<Stmt> statement() {
    Token tag = in.expect(Kind.NAME);
    int line = tag.line();
    return switch (tag.text()) {
      case "set" -> List.of(set(line));
      case "if" -> List.of(conditional(line));
      case "for" -> List.of(loop(line));
      case "break", "continue" -> List.of(loopControl(tag));
      case "with" -> List.of(with(line));
      case "macro" -> List.of(macro(line));
      case "call" -> List.of(callBlock(line));
      case "filter" -> {
        Expr.Filter filter = expressions.filters(null, true);
        yield List.of(new Stmt.FilterBlock(line, filter, body("endfilter", "filter")));
      }
      case "block" -> List.of(block(line));
      case "generation" -> List.of(new Stmt.Generation(line, body("endgeneration", "generation")));
      case "autoescape" -> {
        Expr on = expressions.expression();
        yield List.of(new Stmt.Autoescape(line, on, body("endautoescape", "autoescape")));
      }
      case "do" -> List.of(new Stmt.Do(line, expressions.tupleOrExpression(true, false, null)));
      case "print" -> print(line);
      case "include", "import", "from", "extends" -> {
        while (!in.is(Kind.BLOCK_END) && !in.is(Kind.EOF)) {
          in.next();
        }
        yield List.of(new Stmt.Load(line, tag.text()));
      }
      default -> throw new TemplateException(line, "unknown tag '" + tag.text() + "'");
    };
  }

  private List<Stmt> print(int line) {
    List<Stmt> values = new ArrayList<>();
    while (!in.is(Kind.BLOCK_END)) {
      if (!values.isEmpty()) {
        in.expectOperator(",");
      }
      values.add(new Stmt.Print(line, expressions.expression()));
    }
    return values;
  }

  private Stmt set(int line) {
    Target target = target(true, null);
    if (in.skipOperator("=")) {
      return new Stmt.Set(line, target, expressions.tupleOrExpression(true, false, null));
    }
    Expr.Filter filter = in.isOperator("|") ? expressions.filters(null, false) : null;
    return new Stmt.SetBlock(line, target, filter, body("endset", "set"));
  }

  private Stmt conditional(int line) {
    List<Stmt.Branch> branches = new ArrayList<>();
    List<Stmt> otherwise = List.of();
    String tag = "if";
    while (true) {
      Expr test = expressions.tupleOrExpression(false, false, null);
      endOfOpeningTag();
      List<Stmt> body = statements(Set.of("elif", "else", "endif"), tag);
      branches.add(new Stmt.Branch(test, body));
      tag = in.next().text();
      if (tag.equals("else")) {
        otherwise = body("endif", "else");
        break;
      }
      if (tag.equals("endif")) {
        break;
      }
    }
    return new Stmt.If(line, branches, otherwise);
  }

  private Stmt loop(int line) {
    Target target = target(false, "in");
    if (names(target).anyMatch("loop"::equals)) {
      throw new TemplateException(line, "can't assign to the special variable 'loop'");
    }
    in.expectName("in");
    Expr items = expressions.tupleOrExpression(false, false, "recursive");
    Expr test = in.skipName("if") ? expressions.expression() : null;
    boolean recursive = in.skipName("recursive");
    endOfOpeningTag();
    loops++;
    List<Stmt> body = statements(Set.of("endfor", "else"), "for");
    loops--;
    List<Stmt> otherwise = in.next().text().equals("else") ? body("endfor", "else") : List.of();
    return new Stmt.For(line, target, items, test, recursive, body, otherwise);
  }

  private static Stream<String> names(Target target) {
    return switch (target) {
      case Target.Name name -> Stream.of(name.name());
      case Target.Attribute attribute -> Stream.of();
      case Target.Tuple tuple -> tuple.targets().stream().flatMap(Parser::names);
    };
  }

  private Stmt loopControl(Token tag) {
    if (loops == 0) {
      throw new TemplateException(tag.line(), "'" + tag.text() + "' outside of a loop");
    }
    return tag.text().equals("break") ? new Stmt.Break(tag.line()) : new Stmt.Continue(tag.line());
  }

  private Stmt with(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!in.is(Kind.BLOCK_END)) {
      if (!targets.isEmpty()) {
        in.expectOperator(",");
      }
      targets.add(singleTarget(false));
      in.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Stmt.With(line, targets, values, body("endwith", "with"));
  }

  private Stmt block(int line) {
    String name = in.expect(Kind.NAME).text();
    boolean scoped = in.skipName("scoped");
    boolean required = in.skipName("required");
    List<Stmt> body = body("endblock", "block");
    in.skipName(name);
    return new Stmt.Block(line, name, scoped, required, body);
  }

  private Stmt macro(int line) {
    String name = in.expect(Kind.NAME).text();
    Set<String> outer = expressions.startCollectingNames();
    int outerLoops = loops;
    loops = 0;
    List<String> parameters = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    parameters(parameters, defaults);
    List<Stmt> body = body("endmacro", "macro");
    loops = outerLoops;
    return new Stmt.Macro(line, name, signature(parameters, defaults, outer), body);
  }

  private Stmt callBlock(int line) {
    List<String> parameters = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    if (in.isOperator("(")) {
      parameters(parameters, defaults);
    }
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw new TemplateException(line, "a call block needs a call, as in {% call macro() %}");
    }
    Set<String> outer = expressions.startCollectingNames();
    int outerLoops = loops;
    loops = 0;
    List<Stmt> body = body("endcall", "call");
    loops = outerLoops;
    return new Stmt.CallBlock(line, signature(parameters, defaults, outer), call, body);
  }

  private Stmt.Signature signature(
      List<String> parameters, List<Expr> defaults, Set<String> outerNames) {
    Set<String> names = expressions.stopCollectingNames(outerNames);
    outerNames.addAll(names);
    return new Stmt.Signature(
        parameters,
        defaults,
        names.contains("caller") && !parameters.contains("caller"),
        names.contains("varargs") && !parameters.contains("varargs"),
        names.contains("kwargs") && !parameters.contains("kwargs"));
  }

  private void parameters(List<String> names, List<Expr> defaults) {
    in.expectOperator("(");
    while (!in.skipOperator(")")) {
      if (!names.isEmpty()) {
        in.expectOperator(",");
      }
      Token name = in.expect(Kind.NAME);
      if (in.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw new TemplateException(
            name.line(), "parameter '" + name.text() + "' without a default follows one with");
      }
      names.add(name.text());
    }
  }

  /** A name, a namespace's attribute where allowed, or several of them: a tuple to unpack into. */
  private Target target(boolean namespaces, @Nullable String endName) {
    List<Target> targets = new ArrayList<>();
    boolean tuple = false;
    do {
      if (tuple
          && (in.isOperator("=")
              || in.isOperator(")")
              || in.is(Kind.BLOCK_END)
              || (endName != null && in.isName(endName)))) {
        break;
      }
      targets.add(singleTarget(namespaces));
      tuple = in.isOperator(",") || tuple;
    } while (in.skipOperator(","));
    return tuple ? new Target.Tuple(targets) : targets.getFirst();
  }

  private Target singleTarget(boolean namespaces) {
    if (in.isOperator("(")) {
      in.enter();
      in.next();
      Target inside = target(namespaces, null);
      in.expectOperator(")");
      in.leave();
      return inside;
    }
    Token name = in.expect(Kind.NAME);
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name.text())) {
      throw new TemplateException(name.line(), "can't assign to '" + name.text() + "'");
    }
    if (namespaces && in.skipOperator(".")) {
      return new Target.Attribute(name.text(), in.expect(Kind.NAME).text());
    }
    return new Target.Name(name.text());
  }
}
