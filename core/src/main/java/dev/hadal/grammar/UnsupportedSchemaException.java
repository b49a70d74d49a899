package dev.hadal.grammar;

/** A JSON Schema asks for what cannot be enforced while a text is written, or is malformed. */
public final class UnsupportedSchemaException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String keyword;
  private final String pointer;

  /**
   * @param pointer JSON pointer of the keyword's value
   */
  UnsupportedSchemaException(String keyword, String pointer, String why) {
    super("schema at " + pointer + ": '" + keyword + "' " + why);
    this.keyword = keyword;
    this.pointer = pointer;
  }

  /** The keyword that cannot be enforced. */
  public String keyword() {
    return keyword;
  }

  /** Where in the schema it stands, such as {@code #/properties/age/multipleOf}. */
  public String pointer() {
    return pointer;
  }
}
