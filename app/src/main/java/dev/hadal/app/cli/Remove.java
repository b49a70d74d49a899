package dev.hadal.app.cli;

import dev.hadal.app.hub.Library;
import dev.hadal.app.hub.ModelName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes pulled models. */
@Command(
    name = "rm",
    header = "Removes pulled models.",
    description = {
      "",
      "hf.co/ORG/REPO:Q8_0 removes that file; hf.co/ORG/REPO all that is here of the repository,"
          + " also a download that was broken off. Other tools that share the cache miss it then,"
          + " too.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {"  hadal rm hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0", "  hadal rm qwen3:0.6b"})
final class Remove implements Callable<Integer> {
  private final Io io;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "A name that 'hadal list' shows.")
  private List<String> names = List.of();

  Remove(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    Library library = new Library(Places.hub());
    for (String name : names) {
      if (name.equals(Tiny.NAME) || Models.existing(name).isPresent()) {
        throw new IllegalArgumentException(
            name + " was not pulled; 'rm' removes only what 'hadal list' shows");
      }
      Optional<Long> freed = library.remove(ModelName.of(name));
      if (freed.isEmpty()) {
        throw new IllegalArgumentException(
            "no model named '%s' on this machine; 'hadal list' shows what is there"
                .formatted(name));
      }
      io.out().println("%s removed, %s freed".formatted(name, Sizes.bytes(freed.get())));
    }
    return 0;
  }
}
