package dev.hadal.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The registry of Ollama's models. Source: the OCI distribution specification, manifests and blobs;
 * the weights are the layer of type {@code application/vnd.ollama.image.model}.
 */
final class OllamaRegistry implements Source {
  static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  static final String MODEL = "application/vnd.ollama.image.model";

  private final Http http;
  private final URI registry;
  private final ModelName.Repository name;

  OllamaRegistry(Http http, HubSettings settings, ModelName.Repository name) {
    this.http = http;
    this.registry = settings.ollama();
    this.name = name;
  }

  @Override
  public Listing list() throws IOException {
    String repo = "v2/" + name.id();
    byte[] manifest =
        http.bytes(
            Source.below(registry, repo + "/manifests/" + name.revision(), ""),
            Optional.empty(),
            Map.of("Accept", MANIFEST));
    List<RemoteFile> files = new ArrayList<>();
    for (JsonNode layer : layers(manifest)) {
      if (layer.path("mediaType").asString("").equals(MODEL)) {
        String digest = layer.path("digest").asString("");
        files.add(
            new RemoteFile(
                file(files.size()),
                layer.path("size").asLong(-1),
                RemoteFile.checksum(digest),
                URI.create(registry + "/" + repo + "/blobs/" + digest),
                Optional.empty()));
      }
    }
    if (files.size() != 1) {
      throw new HubException(
          "%s has %d files of weights, expected one; models in several parts or without weights are not read"
              .formatted(name.typed(), files.size()));
    }
    return new Listing(Checksums.sha256(manifest), files);
  }

  private String file(int index) {
    String model = name.id().substring(name.id().lastIndexOf('/') + 1);
    return model + "-" + name.revision() + (index == 0 ? "" : "-" + index) + ".gguf";
  }

  private JsonNode layers(byte[] manifest) throws HubException {
    try {
      return JsonMapper.shared().readTree(new String(manifest, UTF_8)).path("layers");
    } catch (JacksonException e) {
      throw new HubException(
          "%s: its manifest is %,d bytes that are no JSON (%s); does a proxy answer instead of the registry?"
              .formatted(name.typed(), manifest.length, e.getOriginalMessage()),
          e);
    }
  }

  @Override
  public HubException explain(StatusException e) {
    if (e.status() == 404 || e.status() == 401 || e.status() == 400) {
      return new HubException(
          "Ollama's registry has no %s; https://ollama.com/%s/tags shows what there is. Of Hugging Face it is hf.co/ORG/REPO"
              .formatted(name.typed(), name.id()),
          e);
    }
    return Source.trouble(name.typed(), e);
  }
}
