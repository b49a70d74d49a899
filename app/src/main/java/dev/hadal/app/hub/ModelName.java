package dev.hadal.app.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** A model by the name of the place it comes from. */
public sealed interface ModelName {
  /** What a person types to mean this model. */
  String typed();

  /** The folder of this name in a cache. */
  String folder();

  /** The same name without a choice among its files. */
  ModelName whole();

  /**
   * A repository.
   *
   * @param id {@code org/repo}; of Ollama {@code library/model}
   * @param revision a branch, tag or commit; of Ollama the tag
   * @param selector a quantisation or a file; empty for the usual one
   */
  record Repository(Site site, String id, String revision, String selector) implements ModelName {
    public Repository {
      for (String part : id.split("/", -1)) {
        if (!NameSyntax.isPlainName(part)) {
          throw new IllegalArgumentException(
              "'"
                  + id
                  + "' is no repository's name: expected letters, digits, '-', '_' and '.', such as"
                  + " Qwen/Qwen3-0.6B-GGUF");
        }
      }
      if (!NameSyntax.isRelativePath(revision)
          || !(selector.isEmpty() || NameSyntax.isRelativePath(selector))) {
        throw new IllegalArgumentException(
            "'%s' of %s: a revision or file can't leave its repository"
                .formatted(selector.isEmpty() ? revision : selector, id));
      }
    }

    @Override
    public String typed() {
      if (site == Site.OLLAMA) {
        boolean official = id.startsWith("library/");
        return (official ? id.substring("library/".length()) : site.prefix() + id) + ":" + revision;
      }
      return site.prefix()
          + id
          + (revision.equals(site.defaultRevision()) ? "" : "@" + revision)
          + (selector.isEmpty() ? "" : ":" + selector);
    }

    @Override
    public String folder() {
      return site.kind() + "--" + id.replace("/", "--");
    }

    @Override
    public Repository whole() {
      return with("");
    }

    /** The same repository, another choice among its files. */
    Repository with(String selector) {
      return new Repository(site, id, revision, selector);
    }
  }

  /**
   * One file behind a URL.
   *
   * @param uri with a scheme, a host and a file's name
   */
  record Link(URI uri) implements ModelName {
    @Override
    public String typed() {
      return uri.toString();
    }

    @Override
    public String folder() {
      CRC32C crc = new CRC32C();
      crc.update(uri.toString().getBytes(UTF_8));
      return "url--" + uri.getHost() + "--" + HexFormat.of().toHexDigits((int) crc.getValue());
    }

    @Override
    public Link whole() {
      return this;
    }

    /** The file's name. */
    String file() {
      String path = uri.getPath();
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /**
   * Reads what a person typed: {@code org/repo}, {@code hf.co/org/repo:Q4_K_M}, {@code
   * modelscope.cn/org/repo}, {@code qwen3:0.6b} of Ollama, a URL copied from a browser.
   *
   * @return empty if it can be none of these
   * @throws IllegalArgumentException if it says where it comes from and is wrong all the same
   */
  static Optional<ModelName> parse(String text) {
    return NameSyntax.parse(text);
  }

  /** As {@link #parse}; what is no name is an error. */
  static ModelName of(String text) {
    return parse(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'"
                    + text
                    + "' is no model's name; expected hf.co/ORG/REPO[:Q4_K_M],"
                    + " modelscope.cn/ORG/REPO, an Ollama name such as qwen3:0.6b, or a URL"));
  }

  /** The name of a cache's folder, if it is one of ours or of Hugging Face's models. */
  static Optional<Repository> ofFolder(String folder) {
    List<String> parts = new ArrayList<>(List.of(folder.split("--", -1)));
    String kind = parts.removeFirst();
    String id = String.join("/", parts);
    for (Site site : Site.values()) {
      if (site.kind().equals(kind)
          && !parts.isEmpty()
          && parts.stream().allMatch(NameSyntax::isPlainName)) {
        return Optional.of(new Repository(site, id, site.defaultRevision(), ""));
      }
    }
    return Optional.empty();
  }
}
