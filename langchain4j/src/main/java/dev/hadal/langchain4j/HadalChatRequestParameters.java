package dev.hadal.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's parameters and those that Hadal has beyond them. What is null is as the model's own
 * file says.
 */
public final class HadalChatRequestParameters extends DefaultChatRequestParameters {
  static final HadalChatRequestParameters NONE = builder().build();

  private final @Nullable Long seed;
  private final @Nullable Double minP;
  private final @Nullable Double repetitionPenalty;
  private final @Nullable Boolean thinking;

  private HadalChatRequestParameters(Builder builder) {
    super(builder);
    this.seed = builder.seed;
    this.minP = builder.minP;
    this.repetitionPenalty = builder.repetitionPenalty;
    this.thinking = builder.thinking;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The same seed gives the same answer to the same request. */
  public @Nullable Long seed() {
    return seed;
  }

  /** Keeps tokens at least this fraction of the likeliest one's probability, 0 (all) to 1. */
  public @Nullable Double minP() {
    return minP;
  }

  /** Above 1 makes tokens that were there before less likely; 1 for none. */
  public @Nullable Double repetitionPenalty() {
    return repetitionPenalty;
  }

  /** Whether the model thinks before it answers, where its chat template leaves the choice. */
  public @Nullable Boolean thinking() {
    return thinking;
  }

  @Override
  public HadalChatRequestParameters overrideWith(ChatRequestParameters that) {
    return builder().overrideWith(this).overrideWith(that).build();
  }

  @Override
  public HadalChatRequestParameters defaultedBy(ChatRequestParameters that) {
    return builder().overrideWith(that).overrideWith(this).build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other)
        && other instanceof HadalChatRequestParameters that
        && Objects.equals(seed, that.seed)
        && Objects.equals(minP, that.minP)
        && Objects.equals(repetitionPenalty, that.repetitionPenalty)
        && Objects.equals(thinking, that.thinking);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), seed, minP, repetitionPenalty, thinking);
  }

  @Override
  public String toString() {
    return super.toString()
        + "{seed=%s, minP=%s, repetitionPenalty=%s, thinking=%s}"
            .formatted(seed, minP, repetitionPenalty, thinking);
  }

  /** Sets parameters. */
  public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
    private @Nullable Long seed;
    private @Nullable Double minP;
    private @Nullable Double repetitionPenalty;
    private @Nullable Boolean thinking;

    private Builder() {}

    public Builder seed(@Nullable Long value) {
      seed = value;
      return this;
    }

    public Builder minP(@Nullable Double value) {
      minP = value;
      return this;
    }

    public Builder repetitionPenalty(@Nullable Double value) {
      repetitionPenalty = value;
      return this;
    }

    public Builder thinking(@Nullable Boolean value) {
      thinking = value;
      return this;
    }

    /**
     * @throws UnsupportedFeatureException if they are another provider's, some of which would be
     *     lost
     */
    @Override
    public Builder overrideWith(ChatRequestParameters that) {
      if (that instanceof HadalChatRequestParameters own) {
        seed = own.seed == null ? seed : own.seed;
        minP = own.minP == null ? minP : own.minP;
        repetitionPenalty =
            own.repetitionPenalty == null ? repetitionPenalty : own.repetitionPenalty;
        thinking = own.thinking == null ? thinking : own.thinking;
      } else if (that.getClass() != DefaultChatRequestParameters.class) {
        throw new UnsupportedFeatureException(
            "%s are another provider's; use ChatRequestParameters or HadalChatRequestParameters"
                .formatted(that.getClass().getSimpleName()));
      }
      return super.overrideWith(that);
    }

    @Override
    public HadalChatRequestParameters build() {
      return new HadalChatRequestParameters(this);
    }
  }
}
