package dev.hadal.chat.dialect;

import java.util.List;

/**
 * Where a text is cut at the first of some tags.
 *
 * @param start where the tag begins; without one, up to where the text is certainly none
 * @param tag the tag, or empty
 */
record Cut(int start, String tag) {
  /** Without a tag, the text's end is kept where it may be the beginning of one. */
  static Cut at(StringBuilder text, List<String> tags, boolean atEnd) {
    Cut first = new Cut(text.length(), "");
    for (String tag : tags) {
      int at = text.indexOf(tag);
      if (at >= 0
          && (at < first.start || (at == first.start && tag.length() > first.tag.length()))) {
        first = new Cut(at, tag);
      }
    }
    if (!first.tag.isEmpty() || atEnd) {
      return first;
    }
    int sure = text.length();
    for (String tag : tags) {
      sure = Math.min(sure, text.length() - held(text, tag));
    }
    return new Cut(sure, "");
  }

  /** How much of the text's end is a beginning of the tag. */
  private static int held(StringBuilder text, String tag) {
    for (int length = Math.min(tag.length() - 1, text.length()); length > 0; length--) {
      if (tag.startsWith(text.substring(text.length() - length))) {
        return length;
      }
    }
    return 0;
  }

  /** Whether the text begins with the tag, or might once it is longer. */
  static boolean mayBegin(CharSequence text, String tag) {
    String begin = text.subSequence(0, Math.min(text.length(), tag.length())).toString();
    return tag.startsWith(begin);
  }

  String before(StringBuilder text) {
    return text.substring(0, start);
  }

  int end() {
    return start + tag.length();
  }
}
