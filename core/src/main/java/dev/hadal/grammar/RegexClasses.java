package dev.hadal.grammar;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The named character classes of ECMA-262. Categories and scripts are those of the JDK. */
final class RegexClasses {
  static final CodePoints DIGIT = CodePoints.range('0', '9');
  static final CodePoints WORD =
      DIGIT.or(CodePoints.range('a', 'z')).or(CodePoints.range('A', 'Z')).or(CodePoints.of('_'));
  static final CodePoints SPACE =
      CodePoints.range(0x09, 0x0D)
          .or(CodePoints.of(0x20, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF))
          .or(CodePoints.range(0x2000, 0x200A));
  static final CodePoints DOT = CodePoints.of('\n', '\r', 0x2028, 0x2029).not();

  private static final Map<String, String> LONG_NAMES =
      Map.ofEntries(
          Map.entry("letter", "L"),
          Map.entry("lowercase_letter", "Ll"),
          Map.entry("uppercase_letter", "Lu"),
          Map.entry("mark", "M"),
          Map.entry("number", "N"),
          Map.entry("decimal_number", "Nd"),
          Map.entry("digit", "Nd"),
          Map.entry("punctuation", "P"),
          Map.entry("punct", "P"),
          Map.entry("symbol", "S"),
          Map.entry("separator", "Z"),
          Map.entry("other", "C"));
  private static final Map<String, Optional<CodePoints>> KNOWN = new ConcurrentHashMap<>();

  private RegexClasses() {}

  /** {@code L}, {@code Letter}, {@code Script=Greek}, {@code Alphabetic} ...; empty if unknown. */
  static Optional<CodePoints> property(String name) {
    return name.matches("[A-Za-z_=]{1,40}")
        ? KNOWN.computeIfAbsent(name, RegexClasses::scan)
        : Optional.empty();
  }

  private static Optional<CodePoints> scan(String name) {
    String value = name.substring(name.indexOf('=') + 1);
    boolean script = name.matches("(Script|sc|Script_Extensions|scx)=.*");
    String category = LONG_NAMES.getOrDefault(value.toLowerCase(Locale.ROOT), value);
    for (String spelling :
        script
            ? new String[] {"script=" + value}
            : new String[] {category, "Is" + category, "Is" + value}) {
      try {
        Pattern pattern = Pattern.compile("\\p{" + spelling + "}");
        return Optional.of(CodePoints.where(p -> pattern.matcher(Character.toString(p)).matches()));
      } catch (PatternSyntaxException unknown) {
        // Tried under its next name.
      }
    }
    return Optional.empty();
  }
}
