package dev.hadal.app.cli;

import dev.hadal.app.hub.HubSettings;
import dev.hadal.app.hub.Library;
import dev.hadal.app.hub.ModelName;
import dev.hadal.app.hub.Puller;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches models. */
@Command(
    name = "pull",
    header = "Fetches models from Hugging Face, ModelScope, Ollama or a URL.",
    description = {
      "",
      "They lie in Hugging Face's cache, which other tools share; what is there is not fetched"
          + " again. A download that was broken off goes on where it was. Printed is where the"
          + " model lies.",
      ""
    },
    footerHeading =
        "%nVariables: HF_TOKEN, HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_HUB_OFFLINE,"
            + " MODELSCOPE_API_TOKEN, http_proxy, https_proxy, no_proxy%n%nExamples:%n",
    footer = {
      "  hadal pull hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0",
      "  hadal pull Qwen/Qwen3-0.6B",
      "  hadal pull modelscope.cn/Qwen/Qwen3-0.6B-GGUF:Q8_0",
      "  hadal pull qwen3:0.6b",
      "  hadal pull https://host.example/model.gguf"
    })
final class Pull implements Callable<Integer> {
  private final Io io;

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME",
      description =
          "ORG/REPO of Hugging Face, :Q8_0 or :FILE behind it to choose, @REVISION for another than"
              + " main; modelscope.cn/ORG/REPO; an Ollama name; a URL.")
  private List<String> names = List.of();

  @Option(names = "--offline", description = "Ask nobody: only say where what is here lies.")
  private boolean offline;

  Pull(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() throws IOException {
    HubSettings settings = offline ? Places.hub().withoutNetwork() : Places.hub();
    for (String name : names) {
      Library.Entry entry;
      try (PullBar bar = new PullBar(io)) {
        entry = new Puller(settings, bar).pull(ModelName.of(name));
      }
      io.out().println(entry.path());
      io.out().flush();
    }
    return 0;
  }
}
