package dev.hadal.app.models;

import java.util.Collection;

/** No model has this name here. The message says which there are. */
public final class UnknownModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  UnknownModelException(String name, Collection<String> known) {
    super(
        "no model named '%s' here: known are %s; 'hadal pull' brings new ones"
            .formatted(shortened(name), String.join(", ", known)));
  }

  private static String shortened(String name) {
    return name.length() > 200 ? name.substring(0, 200) + "..." : name;
  }
}
