package dev.hadal.tokenizer;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A set of Unicode code points as sorted bounds: members are {@code [b0, b1), [b2, b3) ...}.
 * Categories are those of the JDK.
 */
final class CodePointSet {
  static final int LIMIT = Character.MAX_CODE_POINT + 1;
  static final CodePointSet NONE = new CodePointSet(new int[0]);
  static final CodePointSet ALL = new CodePointSet(new int[] {0, LIMIT});

  /**
   * Unicode's White_Space, which is what {@code \s} means to the engines that defined these
   * patterns.
   */
  static final CodePointSet SPACE =
      ranges(
          9, 13, 0x20, 0x20, 0x85, 0x85, 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029,
          0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000);

  private static final Map<String, String> LONG_NAMES =
      Map.of(
          "letter",
          "L",
          "mark",
          "M",
          "number",
          "N",
          "punctuation",
          "P",
          "symbol",
          "S",
          "separator",
          "Z",
          "other",
          "C",
          "digit",
          "Nd",
          "punct",
          "P",
          "uppercase_letter",
          "Lu");
  private static final Map<String, Integer> TYPES =
      Map.ofEntries(
          Map.entry("Lu", 1 << Character.UPPERCASE_LETTER),
          Map.entry("Ll", 1 << Character.LOWERCASE_LETTER),
          Map.entry("Lt", 1 << Character.TITLECASE_LETTER),
          Map.entry("Lm", 1 << Character.MODIFIER_LETTER),
          Map.entry("Lo", 1 << Character.OTHER_LETTER),
          Map.entry("Mn", 1 << Character.NON_SPACING_MARK),
          Map.entry("Me", 1 << Character.ENCLOSING_MARK),
          Map.entry("Mc", 1 << Character.COMBINING_SPACING_MARK),
          Map.entry("Nd", 1 << Character.DECIMAL_DIGIT_NUMBER),
          Map.entry("Nl", 1 << Character.LETTER_NUMBER),
          Map.entry("No", 1 << Character.OTHER_NUMBER),
          Map.entry("Zs", 1 << Character.SPACE_SEPARATOR),
          Map.entry("Zl", 1 << Character.LINE_SEPARATOR),
          Map.entry("Zp", 1 << Character.PARAGRAPH_SEPARATOR),
          Map.entry("Cc", 1 << Character.CONTROL),
          Map.entry("Cf", 1 << Character.FORMAT),
          Map.entry("Co", 1 << Character.PRIVATE_USE),
          Map.entry("Cs", 1 << Character.SURROGATE),
          Map.entry("Cn", 1 << Character.UNASSIGNED),
          Map.entry("Pd", 1 << Character.DASH_PUNCTUATION),
          Map.entry("Ps", 1 << Character.START_PUNCTUATION),
          Map.entry("Pe", 1 << Character.END_PUNCTUATION),
          Map.entry("Pc", 1 << Character.CONNECTOR_PUNCTUATION),
          Map.entry("Po", 1 << Character.OTHER_PUNCTUATION),
          Map.entry("Pi", 1 << Character.INITIAL_QUOTE_PUNCTUATION),
          Map.entry("Pf", 1 << Character.FINAL_QUOTE_PUNCTUATION),
          Map.entry("Sm", 1 << Character.MATH_SYMBOL),
          Map.entry("Sc", 1 << Character.CURRENCY_SYMBOL),
          Map.entry("Sk", 1 << Character.MODIFIER_SYMBOL),
          Map.entry("So", 1 << Character.OTHER_SYMBOL));

  private final int[] bounds;

  private CodePointSet(int[] bounds) {
    this.bounds = bounds;
  }

  /** Inclusive pairs, in order. */
  static CodePointSet ranges(int... pairs) {
    CodePointSet set = NONE;
    for (int i = 0; i < pairs.length; i += 2) {
      set = set.or(new CodePointSet(new int[] {pairs[i], pairs[i + 1] + 1}));
    }
    return set;
  }

  static CodePointSet of(int codePoint) {
    return ranges(codePoint, codePoint);
  }

  private static final Map<String, CodePointSet> FOUND = new ConcurrentHashMap<>();

  /** A category or script by the name that stands in {@code \p{...}}; null when there is none. */
  static @Nullable CodePointSet named(String name) {
    CodePointSet known = FOUND.get(name);
    if (known == null) {
      known = find(name);
      if (known != null && FOUND.size() < 256) {
        FOUND.put(name, known);
      }
    }
    return known;
  }

  private static @Nullable CodePointSet find(String name) {
    String stripped = name.replace(" ", "");
    int equals = stripped.indexOf('=');
    String plain = equals < 0 ? stripped : stripped.substring(equals + 1);
    String category = LONG_NAMES.getOrDefault(plain.toLowerCase(Locale.ROOT), plain);
    int mask = 0;
    for (Map.Entry<String, Integer> type : TYPES.entrySet()) {
      if (type.getKey().equals(category) || type.getKey().substring(0, 1).equals(category)) {
        mask |= type.getValue();
      }
    }
    if (mask != 0) {
      int types = mask;
      return where(c -> (types >>> Character.getType(c) & 1) != 0);
    }
    return switch (plain.toLowerCase(Locale.ROOT)) {
      case "any" -> ALL;
      case "white_space", "space", "whitespace" -> SPACE;
      case "alphabetic", "alpha" -> where(Character::isAlphabetic);
      case "alnum" -> where(c -> Character.isAlphabetic(c) || Character.isDigit(c));
      case "upper", "uppercase" -> where(Character::isUpperCase);
      case "lower", "lowercase" -> where(Character::isLowerCase);
      case "word" -> word();
      default -> script(plain);
    };
  }

  /** What {@code \w} means: letters, marks, decimal digits and connectors. */
  static CodePointSet word() {
    CodePointSet known = FOUND.get("\\w");
    if (known == null) {
      known = findWord();
      FOUND.put("\\w", known);
    }
    return known;
  }

  private static CodePointSet findWord() {
    int connector =
        1 << Character.CONNECTOR_PUNCTUATION
            | 1 << Character.NON_SPACING_MARK
            | 1 << Character.ENCLOSING_MARK
            | 1 << Character.COMBINING_SPACING_MARK
            | 1 << Character.DECIMAL_DIGIT_NUMBER;
    return where(c -> Character.isAlphabetic(c) || (connector >>> Character.getType(c) & 1) != 0);
  }

  private static @Nullable CodePointSet script(String name) {
    try {
      Character.UnicodeScript script =
          Character.UnicodeScript.forName(name.startsWith("Is") ? name.substring(2) : name);
      return where(c -> Character.UnicodeScript.of(c) == script);
    } catch (IllegalArgumentException unknown) {
      return null;
    }
  }

  static CodePointSet where(IntPredicate member) {
    int[] found = new int[64];
    int size = 0;
    boolean inside = false;
    for (int c = 0; c < LIMIT; c++) {
      if (c == 0x32400) {
        c = 0xE0000; // planes 4 to 13 are unassigned, and so is the end of plane 3
      } else if (c == 0xE0200) {
        c = 0xF0000;
      } else if (c == 0xF0010) {
        c = 0xFFFF0; // private use
      }
      if (member.test(c) != inside) {
        inside = !inside;
        if (size == found.length) {
          found = Arrays.copyOf(found, 2 * size);
        }
        found[size++] = c;
      }
    }
    if (inside) {
      found = Arrays.copyOf(found, size + 1);
      found[size++] = LIMIT;
    }
    return new CodePointSet(Arrays.copyOf(found, size));
  }

  CodePointSet or(CodePointSet other) {
    return combine(other, (a, b) -> a || b);
  }

  CodePointSet and(CodePointSet other) {
    return combine(other, (a, b) -> a && b);
  }

  CodePointSet not() {
    return ALL.combine(this, (a, b) -> a && !b);
  }

  /** With every character that differs only in case, as Unicode's simple case folding has it. */
  CodePointSet anyCase() {
    if (bounds.length == 0 || bounds.length == 2 && bounds[1] - bounds[0] > 1000) {
      return this;
    }
    CodePointSet folded = this;
    for (int i = 0; i < bounds.length; i += 2) {
      for (int c = bounds[i]; c < Math.min(bounds[i + 1], bounds[i] + 1000); c++) {
        int lower = Character.toLowerCase(Character.toUpperCase(c));
        folded = folded.or(of(lower)).or(of(Character.toUpperCase(c)));
        folded =
            switch (lower) {
              case 's' -> folded.or(of(0x17F));
              case 'k' -> folded.or(of(0x212A));
              case 0xE5 -> folded.or(of(0x212B));
              default -> folded;
            };
      }
    }
    return folded;
  }

  boolean contains(int codePoint) {
    int at = Arrays.binarySearch(bounds, codePoint);
    return ((at >= 0 ? at : -at - 2) & 1) == 0 && (at >= 0 || -at - 2 >= 0);
  }

  /** The places where membership changes. */
  int[] bounds() {
    return bounds.clone();
  }

  private interface Rule {
    boolean holds(boolean a, boolean b);
  }

  private CodePointSet combine(CodePointSet other, Rule rule) {
    int[] merged = new int[bounds.length + other.bounds.length];
    int size = 0;
    boolean inside = false;
    for (int i = 0, j = 0; i < bounds.length || j < other.bounds.length; ) {
      int a = i < bounds.length ? bounds[i] : LIMIT;
      int b = j < other.bounds.length ? other.bounds[j] : LIMIT;
      int at = Math.min(a, b);
      i += i < bounds.length && a == at ? 1 : 0;
      j += j < other.bounds.length && b == at ? 1 : 0;
      if (rule.holds((i & 1) == 1, (j & 1) == 1) != inside) {
        inside = !inside;
        merged[size++] = at;
      }
    }
    return new CodePointSet(Arrays.copyOf(merged, size));
  }
}
