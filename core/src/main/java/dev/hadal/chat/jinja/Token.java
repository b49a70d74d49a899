package dev.hadal.chat.jinja;

/**
 * One token of a template.
 *
 * @param value the literal's value; for data, names and operators their text
 */
record Token(Kind kind, String text, Object value, int line) {
  enum Kind {
    DATA("template data"),
    VARIABLE_BEGIN("begin of print statement"),
    VARIABLE_END("end of print statement"),
    BLOCK_BEGIN("begin of statement block"),
    BLOCK_END("end of statement block"),
    NAME("a name"),
    STRING("a string"),
    INTEGER("an integer"),
    FLOAT("a float"),
    OPERATOR("an operator"),
    EOF("end of template");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  String describe() {
    return switch (kind) {
      case NAME, OPERATOR, INTEGER, FLOAT -> "'" + text + "'";
      case STRING ->
          "the string " + Printer.repr(text.length() > 40 ? text.substring(0, 40) : text);
      default -> kind.words();
    };
  }
}
