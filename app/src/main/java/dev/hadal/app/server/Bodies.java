package dev.hadal.app.server;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what a request brings, within limits. */
final class Bodies {
  private final Limits limits;
  private final JsonMapper mapper;

  Bodies(Limits limits) {
    this.limits = limits;
    this.mapper =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(limits.depth())
                            .maxStringLength(limits.bodyBytes())
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
  }

  byte[] read(ServerRequest req) throws IOException {
    if (!req.content().hasEntity()) {
      return new byte[0];
    }
    OptionalLong length = req.headers().contentLength();
    if (length.isPresent() && length.getAsLong() > limits.bodyBytes()) {
      throw tooLarge();
    }
    try (InputStream in = req.content().inputStream()) {
      byte[] bytes = in.readNBytes(limits.bodyBytes() + 1);
      if (bytes.length > limits.bodyBytes()) {
        throw tooLarge();
      }
      return bytes;
    } catch (UncheckedIOException
        | CloseConnectionException
        | DataReader.InsufficientDataAvailableException e) {
      throw new IOException("the client hung up before its request was whole", e);
    }
  }

  private RequestException tooLarge() {
    return Failure.of(
            Failure.Kind.TOO_LARGE,
            "the body is larger than the %,d bytes that one may have here"
                .formatted(limits.bodyBytes()))
        .exception();
  }

  /** The JSON in a body. */
  JsonNode json(byte[] body) {
    if (body.length == 0) {
      throw Failure.invalid(null, "the body is empty; expected a JSON object").exception();
    }
    try {
      return mapper.readTree(body);
    } catch (StreamConstraintsException e) {
      throw Failure.invalid(null, "the body's JSON goes beyond a limit: " + e.getOriginalMessage())
          .exception();
    } catch (JacksonException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " at line %d, column %d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw Failure.invalid(null, "the body is no JSON" + where + ": " + e.getOriginalMessage())
          .exception();
    }
  }
}
