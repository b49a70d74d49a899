package dev.hadal.chat.jinja;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's {@code str} and {@code repr}. */
final class Printer {
  private final StringBuilder out = new StringBuilder();
  private final int most;

  private Printer(int most) {
    this.most = most;
  }

  static String str(Object value) {
    return switch (value) {
      case String text -> text;
      case Markup markup -> markup.text();
      case Undefined undefined -> "";
      default -> repr(value);
    };
  }

  static String repr(Object value) {
    Printer printer = new Printer(Limits.DEFAULT.stringChars());
    printer.print(value, 0);
    return printer.out.toString();
  }

  private void print(Object value, int depth) {
    if (depth > Values.DEEPEST) {
      throw new TemplateException("a value is nested more than " + Values.DEEPEST + " levels deep");
    }
    if (out.length() > most) {
      throw new TemplateException("printing a value gives more than " + most + " characters");
    }
    switch (value) {
      case None none -> out.append("None");
      case Boolean bool -> out.append(bool ? "True" : "False");
      case Long number -> out.append(number.longValue());
      case BigInteger number -> out.append(number);
      case Double number -> out.append(Numbers.repr(number));
      case String text -> quote(text);
      case Markup markup -> {
        out.append("Markup(");
        quote(markup.text());
        out.append(')');
      }
      case Tuple tuple -> items("(", tuple.iterator(), tuple.size() == 1 ? ",)" : ")", depth);
      case Range range -> out.append(range.repr());
      case List<?> list -> items("[", list.iterator(), "]", depth);
      case Map<?, ?> map -> dict(map, depth);
      case DictView view -> items(Values.typeName(view) + "([", view.iterator(), "])", depth);
      case Undefined undefined -> out.append("Undefined");
      case Namespace namespace -> {
        out.append("<Namespace ");
        dict(namespace.attributes(), depth);
        out.append('>');
      }
      case LoopContext loop -> out.append(loop.repr());
      case MacroValue macro -> out.append(macro.repr());
      default -> out.append('<').append(Values.typeName(value)).append(" object>");
    }
  }

  private void items(String open, Iterator<?> items, String close, int depth) {
    out.append(open);
    for (boolean first = true; items.hasNext(); first = false) {
      if (!first) {
        out.append(", ");
      }
      print(items.next(), depth + 1);
    }
    out.append(close);
  }

  private void dict(Map<?, ?> dict, int depth) {
    out.append('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : dict.entrySet()) {
      if (!first) {
        out.append(", ");
      }
      first = false;
      print(entry.getKey(), depth + 1);
      out.append(": ");
      print(entry.getValue(), depth + 1);
    }
    out.append('}');
  }

  private void quote(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c == quote) {
            out.append('\\').append(quote);
          } else if (isPrintable(c)) {
            out.appendCodePoint(c);
          } else {
            out.append((c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
          }
        }
      }
    }
    out.append(quote);
  }

  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
