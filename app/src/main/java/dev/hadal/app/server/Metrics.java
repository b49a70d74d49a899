package dev.hadal.app.server;

import dev.hadal.app.models.ModelPool;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What Prometheus reads, under vLLM's names where there is one that means the same, so that
 * dashboards made for it work.
 */
final class Metrics {
  private static final double[] SECONDS = {
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600
  };
  private static final double[] TOKENS = {1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144};

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests =
      Counter.builder()
          .name("hadal:http_requests")
          .help("Requests by endpoint and status.")
          .labelNames("endpoint", "status")
          .register(registry);
  private final Counter prompt = counter("vllm:prompt_tokens", "Tokens of prompts.", "model_name");
  private final Counter generated =
      counter("vllm:generation_tokens", "Tokens generated.", "model_name");
  private final Counter cached =
      counter("vllm:prompt_tokens_cached", "Tokens of prompts that the cache knew.", "model_name");
  private final Counter success =
      counter(
          "vllm:request_success", "Answers by why they ended.", "model_name", "finished_reason");
  private final Histogram firstToken =
      histogram(
          "vllm:time_to_first_token_seconds", "From the request to its first token.", SECONDS);
  private final Histogram betweenTokens =
      histogram(
          "vllm:inter_token_latency_seconds", "Mean time between tokens of an answer.", SECONDS);
  private final Histogram whole =
      histogram(
          "vllm:e2e_request_latency_seconds", "From the request to the answer's end.", SECONDS);
  private final Histogram promptLength =
      histogram("vllm:request_prompt_tokens", "Tokens of a request's prompt.", TOKENS);
  private final Histogram answerLength =
      histogram("vllm:request_generation_tokens", "Tokens of a request's answer.", TOKENS);

  Metrics(ModelPool pool) {
    registry.register(new EngineGauges(pool));
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
  }

  private Histogram histogram(String name, String help, double[] bounds) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .labelNames("model_name")
        .classicOnly()
        .classicUpperBounds(bounds)
        .register(registry);
  }

  /** Counts a request that has ended. */
  void countRequest(Call call) {
    requests.labelValues(call.name(), Integer.toString(call.status())).inc();
  }

  /** Counts what a job that has ended made the engine do. */
  void count(Job job) {
    Work work = job.work();
    if (work.finish().isEmpty()) {
      return;
    }
    String model = work.model();
    prompt.labelValues(model).inc(work.promptTokens());
    generated.labelValues(model).inc(work.generatedTokens());
    cached.labelValues(model).inc(work.cachedTokens());
    success.labelValues(model, work.finish()).inc();
    whole.labelValues(model).observe((System.currentTimeMillis() - job.began()) / 1e3);
    promptLength.labelValues(model).observe(work.promptTokens());
    answerLength.labelValues(model).observe(work.generatedTokens());
    if (work.firstTokenNanos() > 0) {
      firstToken.labelValues(model).observe(work.firstTokenNanos() / 1e9);
    }
    if (work.generatedTokens() > 1) {
      betweenTokens
          .labelValues(model)
          .observe(work.decodeNanos() / 1e9 / (work.generatedTokens() - 1));
    }
  }

  /** The page that Prometheus reads. */
  String text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory takes it
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
