package dev.hadal.app.cli;

import dev.hadal.app.hub.Library;
import dev.hadal.app.hub.ModelName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Says where a pulled model lies and where it is from. */
@Command(
    name = "show",
    header = "Says where a pulled model lies, and where it is from.",
    description = {"", "What is in it says 'hadal info MODEL'.", ""},
    footerHeading = "%nExamples:%n",
    footer = {
      "  hadal show hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0",
      "  cp -L $(hadal show qwen3:0.6b --path) qwen3.gguf"
    })
final class Show implements Callable<Integer> {
  private final Io io;

  @Parameters(index = "0", paramLabel = "NAME", description = "A name that 'hadal list' shows.")
  private String name = "";

  @Option(names = "--path", description = "Print only the file or folder.")
  private boolean path;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  Show(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    Library.Entry entry =
        new Library(Places.hub())
            .find(ModelName.of(name))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "no model named '%s' on this machine; 'hadal list' shows what is there, 'hadal pull' brings more"
                        .formatted(name)));
    if (path) {
      io.out().println(entry.path());
    } else if (json) {
      io.out().println(JsonMapper.shared().writeValueAsString(facts(entry)));
    } else {
      Sheet sheet = new Sheet(io);
      sheet.line("model", entry.name().typed());
      sheet.line("path", entry.path().toString());
      sheet.line("commit", entry.commit());
      sheet.line("fetched", entry.fetched().toString());
      sheet.line("size", Sizes.bytes(entry.bytes()));
      for (Path file : entry.files()) {
        sheet.line("file", file.getFileName() + ", " + Sizes.bytes(Files.size(file)));
      }
    }
    return 0;
  }

  /** An entry as JSON has it. */
  static Map<String, Object> facts(Library.Entry entry) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", entry.name().typed());
    facts.put("path", entry.path().toString());
    facts.put("size_bytes", entry.bytes());
    facts.put("commit", entry.commit());
    facts.put("fetched", entry.fetched().toString());
    facts.put("files", entry.files().stream().map(Path::toString).toList());
    return facts;
  }
}
