package dev.hadal.app.hub;

/** Who keeps repositories of models. */
public enum Site {
  /** Its cache folders are named as its own tools name them. */
  HUGGING_FACE("Hugging Face", "hf.co/", "models", "main"),
  MODELSCOPE("ModelScope", "modelscope.cn/", "modelscope", "master"),
  OLLAMA("Ollama", "ollama.com/", "ollama", "latest");

  private final String title;
  private final String prefix;
  private final String kind;
  private final String revision;

  Site(String title, String prefix, String kind, String revision) {
    this.title = title;
    this.prefix = prefix;
    this.kind = kind;
    this.revision = revision;
  }

  /** Its name in a sentence. */
  public String title() {
    return title;
  }

  /** What names of its repositories begin with. */
  String prefix() {
    return prefix;
  }

  /** What the folders of its repositories begin with in the cache. */
  String kind() {
    return kind;
  }

  /** The revision that is meant when none is named. */
  String defaultRevision() {
    return revision;
  }
}
