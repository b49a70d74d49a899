package dev.hadal.langchain4j;

import dev.hadal.chat.jinja.TemplateException;
import dev.hadal.engine.CapacityException;
import dev.hadal.engine.QueueFullException;
import dev.hadal.grammar.UnsupportedSchemaException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;

/** Hadal's failures as LangChain4j's, which says by type what is worth another try. */
final class Failures {
  private Failures() {}

  static RuntimeException translated(RuntimeException failure) {
    return switch (failure) {
      case QueueFullException full -> new RateLimitException(full);
      case UnsupportedSchemaException schema -> {
        var unsupported = new UnsupportedFeatureException(schema.getMessage());
        unsupported.initCause(schema);
        yield unsupported;
      }
      case CapacityException tooLong -> new InvalidRequestException(tooLong);
      case TemplateException refused -> new InvalidRequestException(refused);
      case IllegalArgumentException wrong -> new InvalidRequestException(wrong);
      default -> failure;
    };
  }
}
