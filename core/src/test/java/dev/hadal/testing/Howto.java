package dev.hadal.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds a page of {@code docs/howto} to files that the build compiles and runs: each of its blocks
 * of code is a stretch of one of them, but for the indentation.
 */
public final class Howto {
  private static final Pattern BLOCK =
      Pattern.compile(
          "^```(?:java|xml|properties)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  private Howto() {}

  /**
   * @param page its file name
   * @param files from the project's folder
   */
  public static void showsTextOf(String page, String... files) {
    Path project = TestData.root().getParent();
    List<String> blocks = blocks(read(project.resolve("docs/howto").resolve(page)));
    assertThat(blocks).as("blocks of code in %s", page).isNotEmpty();
    for (String block : blocks) {
      boolean found = false;
      for (String file : files) {
        found |= Collections.indexOfSubList(lines(read(project.resolve(file))), lines(block)) >= 0;
      }
      assertThat(found)
          .as("a block of %s is text of one of %s:\n%s", page, List.of(files), block)
          .isTrue();
    }
  }

  private static List<String> blocks(String page) {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(page);
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  private static List<String> lines(String text) {
    return text.strip().lines().map(String::strip).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
