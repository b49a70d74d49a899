package dev.hadal.app.cli;

import dev.hadal.app.hub.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Says which models are here. */
@Command(
    name = "list",
    header = "Shows the models that are on this machine.",
    description = {
      "",
      "It looks into Hugging Face's cache, which other tools fill as well, and into Hadal's own.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {"  hadal list", "  hadal list --json"})
final class ListModels implements Callable<Integer> {
  private final Io io;

  @Option(names = "--json", description = "Print a JSON array.")
  private boolean json;

  ListModels(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    List<Library.Entry> entries = new Library(Places.hub()).list();
    if (json) {
      List<Map<String, Object>> objects = entries.stream().map(Show::facts).toList();
      io.out().println(JsonMapper.shared().writeValueAsString(objects));
      return 0;
    }
    int width =
        entries.stream().mapToInt(e -> e.name().typed().length()).max().orElse(Tiny.NAME.length());
    for (Library.Entry entry : entries) {
      line(
          width,
          entry.name().typed(),
          Sizes.bytes(entry.bytes()),
          entry.fetched().atZone(ZoneId.systemDefault()).toLocalDate().toString());
    }
    line(width, Tiny.NAME, Sizes.bytes(Files.size(Tiny.file())), "built in");
    return 0;
  }

  private void line(int width, String name, String size, String fetched) {
    io.out().println(String.format(Locale.ROOT, "%-" + width + "s  %10s  %s", name, size, fetched));
  }
}
