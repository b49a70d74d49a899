package dev.hadal.app.cli;

import java.util.Locale;

/** Large numbers as people read them. */
final class Sizes {
  private static final String[] BYTES = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  private static final String[] COUNTS = {"", " K", " M", " B", " T"};

  private Sizes() {}

  /** In powers of 1024, three digits: {@code 1.03 MiB}. */
  static String bytes(long bytes) {
    return bytes < 1024 ? bytes + " bytes" : scaled((double) bytes, 1024, BYTES, " ");
  }

  /** In powers of 1000, three digits: {@code 15.7 B}. */
  static String count(long count) {
    return count < 1000 ? Long.toString(count) : scaled((double) count, 1000, COUNTS, "");
  }

  private static String scaled(double value, int base, String[] units, String between) {
    int unit = 0;
    double left = value;
    while (left >= base && unit < units.length - 1) {
      left /= base;
      unit++;
    }
    String digits = left < 10 ? "%.2f" : left < 100 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, digits, left) + between + units[unit];
  }
}
