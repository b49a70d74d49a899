package dev.hadal.langchain4j;

import dev.hadal.Hadal;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Texts as vectors of length 1, by a model in this JVM. A model that was trained for it gives
 * useful ones. Whoever opened the model closes it. Safe to use from any thread.
 */
public final class HadalEmbeddingModel implements EmbeddingModel {
  private final Hadal hadal;

  private HadalEmbeddingModel(Hadal hadal) {
    this.hadal = hadal;
  }

  public static HadalEmbeddingModel of(Hadal hadal) {
    return new HadalEmbeddingModel(hadal);
  }

  @Override
  public EmbeddingResponse doEmbed(EmbeddingRequest request) {
    Integer wanted = request.dimensions();
    int dimensions = wanted == null ? dimension() : wanted;
    if (dimensions < 1 || dimensions > dimension()) {
      throw new InvalidRequestException(
          "dimensions is %d; this model's vectors have %d, and can be cut to fewer"
              .formatted(dimensions, dimension()));
    }
    List<Embedding> embeddings = new ArrayList<>();
    int tokens = 0;
    try {
      for (EmbeddingInput input : request.inputs()) {
        int[] text = hadal.tokenizer().encode(input.text(), true, true);
        tokens += text.length;
        Embedding embedding = Embedding.from(Arrays.copyOf(hadal.embed(text), dimensions));
        embedding.normalize();
        embeddings.add(embedding);
      }
    } catch (RuntimeException e) {
      throw Failures.translated(e);
    }
    return EmbeddingResponse.builder()
        .embeddings(embeddings)
        .modelName(modelName())
        .tokenUsage(new TokenUsage(tokens))
        .build();
  }

  @Override
  public Set<EmbeddingParameter<?>> supportedParameters() {
    return Set.of(EmbeddingRequestParameters.DIMENSIONS);
  }

  @Override
  public int dimension() {
    return hadal.config().hiddenSize();
  }

  /** The model's file or folder. */
  @Override
  public String modelName() {
    return Reply.modelName(hadal);
  }
}
