package dev.hadal.grammar;

import java.util.LinkedHashMap;
import java.util.Map;

/** The formats of JSON Schema that are held to, as regular expressions. */
final class Formats {
  private static final String HEX = "[0-9a-fA-F]";
  private static final String DATE =
      "(\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))"
          + "|(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)";
  private static final String TIME =
      "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)";
  private static final String LABEL = "[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*";
  private static final String HOST = "(" + LABEL + ")(\\.(" + LABEL + "))*";
  private static final String ATOM = "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final String IPV4 = "(" + BYTE + "\\.){3}" + BYTE;
  private static final String IPV6 = ipv6();
  private static final String PCHAR = "([a-zA-Z0-9._~!$&'()*+,;=:@-]|%" + HEX + HEX + ")";
  private static final String QUERY =
      "(\\?([a-zA-Z0-9._~!$&'()*+,;=:@/?-]|%"
          + HEX
          + HEX
          + ")*)?"
          + "(#([a-zA-Z0-9._~!$&'()*+,;=:@/?-]|%"
          + HEX
          + HEX
          + ")*)?";
  private static final String AUTHORITY =
      "//(([a-zA-Z0-9._~!$&'()*+,;=:-]|%"
          + HEX
          + HEX
          + ")*@)?"
          + "(([a-zA-Z0-9._~!$&'()*+,;=-]|%"
          + HEX
          + HEX
          + ")*|\\["
          + IPV6
          + "\\])(:\\d{0,5})?(/"
          + PCHAR
          + "*)*";
  private static final String URI =
      "[a-zA-Z][a-zA-Z0-9+.-]*:("
          + AUTHORITY
          + "|/("
          + PCHAR
          + "+(/"
          + PCHAR
          + "*)*)?|"
          + PCHAR
          + "+(/"
          + PCHAR
          + "*)*|)"
          + QUERY;
  private static final String RELATIVE =
      "("
          + AUTHORITY
          + "|/("
          + PCHAR
          + "+(/"
          + PCHAR
          + "*)*)?|([a-zA-Z0-9._~!$&'()*+,;=@-]|%"
          + HEX
          + HEX
          + ")+(/"
          + PCHAR
          + "*)*|)"
          + QUERY;
  private static final String POINTER = "(/([^~/]|~[01])*)*";
  private static final Map<String, String> PATTERNS = patterns();

  private Formats() {}

  /** Names of formats that are held to. */
  static Iterable<String> names() {
    return PATTERNS.keySet();
  }

  /** Whether texts of that format can be told; others are remarks. */
  static boolean isKnown(String format) {
    return PATTERNS.containsKey(format);
  }

  static Node node(JsonText json, String format) {
    Algebra algebra = json.algebra;
    Node whole = json.canonical().whole(PATTERNS.getOrDefault(format, ""));
    return switch (format) {
      case "hostname", "idn-hostname" -> {
        // No label is longer than 63, nor the whole longer than 253.
        Node letter = json.canonical().whole("[a-zA-Z0-9-]");
        Node label = algebra.repeat(letter, 1, 63);
        Node labels = algebra.seq(label, algebra.star(algebra.seq(algebra.byteOf('.'), label)));
        yield algebra.and(whole, labels, algebra.repeat(json.canonicalChar(), 1, 253));
      }
      default -> whole;
    };
  }

  private static Map<String, String> patterns() {
    Map<String, String> patterns = new LinkedHashMap<>();
    patterns.put("date", DATE);
    patterns.put("time", TIME);
    patterns.put("date-time", DATE + "T" + TIME);
    patterns.put("duration", duration());
    patterns.put("uuid", HEX + "{8}-" + HEX + "{4}-" + HEX + "{4}-" + HEX + "{4}-" + HEX + "{12}");
    patterns.put("email", ATOM + "(\\." + ATOM + ")*@" + HOST);
    patterns.put("idn-email", ATOM + "(\\." + ATOM + ")*@" + HOST);
    patterns.put("hostname", HOST);
    patterns.put("idn-hostname", HOST);
    patterns.put("ipv4", IPV4);
    patterns.put("ipv6", IPV6);
    patterns.put("uri", URI);
    patterns.put("uri-reference", "(" + URI + "|" + RELATIVE + ")");
    patterns.put("iri", URI);
    patterns.put("iri-reference", "(" + URI + "|" + RELATIVE + ")");
    patterns.put("uri-template", "(" + URI + "|" + RELATIVE + ")");
    patterns.put("json-pointer", POINTER);
    patterns.put("relative-json-pointer", "(0|[1-9]\\d*)(#|" + POINTER + ")");
    return patterns;
  }

  private static String duration() {
    String time = "T(\\d+H(\\d+M(\\d+S)?)?|\\d+M(\\d+S)?|\\d+S)";
    String date = "(\\d+Y(\\d+M(\\d+D)?)?|\\d+M(\\d+D)?|\\d+D)";
    return "P(\\d+W|" + date + "(" + time + ")?|" + time + ")";
  }

  private static String ipv6() {
    String group = HEX + "{1,4}";
    String last = "(" + group + ":" + group + "|" + IPV4 + ")";
    StringBuilder ways = new StringBuilder("((").append(group).append(":){6}").append(last);
    // "::" stands for at least one group; before it up to n groups, behind it 7 - n in all.
    for (int before = 0; before <= 7; before++) {
      String head = before == 0 ? "" : "(" + group + ":){" + (before - 1) + "}" + group;
      int behind = 7 - before;
      ways.append('|').append(head).append("::");
      if (behind >= 2) {
        ways.append("((").append(group).append(":){0,").append(behind - 2).append('}').append(last);
        ways.append('|').append(group).append(")?");
      } else if (behind == 1) {
        ways.append("(").append(group).append(")?");
      }
    }
    return ways.append(')').toString();
  }
}
