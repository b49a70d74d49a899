package dev.hadal.grammar;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * A Java type as a form of answer: its grammar, and the way back from JSON.
 *
 * @param <T> as {@link JavaSchema} takes it
 */
public final class Entity<T> {
  private static final Map<Class<?>, Entity<?>> KNOWN = new ConcurrentHashMap<>();

  private final Class<T> type;
  private final JsonNode schema;
  private final Grammar grammar;
  private final JsonMapper mapper;

  private Entity(Class<T> type) {
    this.type = type;
    this.schema = JavaSchema.of(type);
    this.grammar = JsonSchema.of(schema);
    SimpleModule module = new SimpleModule();
    module.setDeserializers(new Sealed());
    this.mapper =
        JsonMapper.builder()
            .addModule(module)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
  }

  /**
   * @throws IllegalArgumentException naming a type that has no schema
   */
  public static <T> Entity<T> of(Class<T> type) {
    Entity<?> known = KNOWN.computeIfAbsent(type, Entity::new);
    @SuppressWarnings("unchecked") // made for this very class
    Entity<T> entity = (Entity<T>) known;
    return entity;
  }

  /** Its JSON Schema. */
  public JsonNode schema() {
    return schema;
  }

  /** What an answer is held to. */
  public Grammar grammar() {
    return grammar;
  }

  /**
   * The value that an answer spells.
   *
   * @throws IllegalArgumentException if the answer is cut or spells none
   */
  public T read(String json) {
    try {
      return mapper.readValue(json, type);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "the answer is no %s: %s; was it cut? allow more tokens. It is: %s"
              .formatted(type.getSimpleName(), e.getOriginalMessage(), json),
          e);
    }
  }

  /** Reads sealed interfaces by their tag, without annotations on them. */
  private static final class Sealed extends tools.jackson.databind.module.SimpleDeserializers {
    private static final long serialVersionUID = 1L;

    @Override
    public ValueDeserializer<?> findBeanDeserializer(
        JavaType type,
        tools.jackson.databind.DeserializationConfig config,
        tools.jackson.databind.BeanDescription.Supplier description) {
      return type.getRawClass().isSealed() && type.getRawClass().isInterface()
          ? new ByTag(records(type.getRawClass()))
          : super.findBeanDeserializer(type, config, description);
    }

    private static Map<String, Class<?>> records(Class<?> type) {
      Map<String, Class<?>> result = new LinkedHashMap<>();
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        if (permitted.isRecord()) {
          result.put(permitted.getSimpleName(), permitted);
        } else {
          result.putAll(records(permitted));
        }
      }
      return result;
    }
  }

  private static final class ByTag extends ValueDeserializer<Object> {
    private final Map<String, Class<?>> records;

    ByTag(Map<String, Class<?>> records) {
      this.records = records;
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) {
      JsonNode tree = context.readTree(parser);
      String tag = tree.path(JavaSchema.TAG).asString("");
      Class<?> record = records.get(tag);
      if (record == null) {
        return context.reportInputMismatch(
            this, "\"%s\" is '%s', one of %s is expected", JavaSchema.TAG, tag, records.keySet());
      }
      return context.readTreeAsValue(tree, record);
    }
  }
}
