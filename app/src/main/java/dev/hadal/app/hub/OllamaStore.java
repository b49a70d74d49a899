package dev.hadal.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Ollama keeps on this machine, only read: {@code manifests/} by name, {@code blobs/} by
 * checksum.
 */
record OllamaStore(Path models) {
  private Path manifests() {
    return models.resolve("manifests").resolve("registry.ollama.ai");
  }

  /** The model of that name. */
  Optional<Library.Entry> find(ModelName.Repository name) throws IOException {
    Path manifest = manifests().resolve(name.id()).resolve(name.revision());
    if (!Files.isRegularFile(manifest)) {
      return Optional.empty();
    }
    byte[] content = Files.readAllBytes(manifest);
    Optional<Path> weights = weights(content);
    if (weights.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Library.Entry(
            name,
            weights.get(),
            List.of(weights.get()),
            Files.size(weights.get()),
            Checksums.sha256(content),
            Files.getLastModifiedTime(manifest).toInstant()));
  }

  /** The one file of weights, if it is whole and all there is. */
  private Optional<Path> weights(byte[] manifest) {
    List<Path> files = new ArrayList<>();
    try {
      for (JsonNode layer :
          JsonMapper.shared().readTree(new String(manifest, UTF_8)).path("layers")) {
        String checksum = RemoteFile.checksum(layer.path("digest").asString(""));
        if (layer.path("mediaType").asString("").equals(OllamaRegistry.MODEL)) {
          files.add(blob(checksum));
        }
      }
    } catch (JacksonException e) {
      return Optional.empty();
    }
    return files.size() == 1
        ? Optional.of(files.getFirst()).filter(Files::isRegularFile)
        : Optional.empty();
  }

  Path blob(String checksum) {
    return models.resolve("blobs").resolve("sha256-" + checksum);
  }

  /** All that Ollama has from its own registry. */
  List<Library.Entry> list() throws IOException {
    List<Library.Entry> entries = new ArrayList<>();
    for (String space : CacheFolder.names(manifests())) {
      for (String model : CacheFolder.names(manifests().resolve(space))) {
        for (String tag : CacheFolder.names(manifests().resolve(space).resolve(model))) {
          if (NameSyntax.isPlainName(space)
              && NameSyntax.isPlainName(model)
              && NameSyntax.isRelativePath(tag)) {
            find(new ModelName.Repository(Site.OLLAMA, space + "/" + model, tag, ""))
                .ifPresent(entries::add);
          }
        }
      }
    }
    return entries;
  }
}
