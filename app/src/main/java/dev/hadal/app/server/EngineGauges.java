package dev.hadal.app.server;

import dev.hadal.app.models.ModelPool;
import dev.hadal.app.models.Resident;
import dev.hadal.engine.EngineStats;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the loaded models' engines do at this moment. */
final class EngineGauges implements MultiCollector {
  private final ModelPool pool;

  EngineGauges(ModelPool pool) {
    this.pool = pool;
  }

  @Override
  public MetricSnapshots collect() {
    List<Resident> models = pool.resident();
    return MetricSnapshots.builder()
        .metricSnapshot(
            gauge("hadal:model_users", "Calls that use a model now.", models, Resident::users))
        .metricSnapshot(
            gauge(
                "hadal:engine_bytes",
                "Off-heap bytes beyond the weights.",
                models,
                m -> stats(m).cacheBytes() + stats(m).scratchBytes()))
        .metricSnapshot(
            gauge(
                "vllm:num_requests_running",
                "Sequences that are computed.",
                models,
                m -> stats(m).running()))
        .metricSnapshot(
            gauge(
                "vllm:num_requests_waiting",
                "Sequences that wait.",
                models,
                m -> stats(m).waiting()))
        .metricSnapshot(
            gauge(
                "vllm:kv_cache_usage_perc",
                "Part of the cache's blocks in use, 1 being all.",
                models,
                m -> (double) stats(m).blocksUsed() / Math.max(1, stats(m).blocksTotal())))
        .metricSnapshot(
            counter(
                "vllm:num_preemptions",
                "How often a sequence gave its blocks back.",
                models,
                m -> stats(m).preemptions()))
        .metricSnapshot(
            counter(
                "vllm:prefix_cache_queries",
                "Tokens of prompts that were looked up in the cache.",
                models,
                m -> stats(m).promptTokens()))
        .metricSnapshot(
            counter(
                "vllm:prefix_cache_hits",
                "Tokens of prompts that the cache knew.",
                models,
                m -> stats(m).prefixHitTokens()))
        .metricSnapshot(
            counter(
                "vllm:spec_decode_num_draft_tokens",
                "Tokens that were guessed ahead.",
                models,
                m -> stats(m).draftedTokens()))
        .metricSnapshot(
            counter(
                "vllm:spec_decode_num_accepted_tokens",
                "Guesses that were right.",
                models,
                m -> stats(m).acceptedTokens()))
        .build();
  }

  private static EngineStats stats(Resident model) {
    return model.model().engine().stats();
  }

  private static CounterSnapshot counter(
      String name, String help, List<Resident> models, ToDoubleFunction<Resident> value) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    for (Resident model : models) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(Labels.of("model_name", model.entry().name()))
              .value(value.applyAsDouble(model))
              .build());
    }
    return counter.build();
  }

  private static GaugeSnapshot gauge(
      String name, String help, List<Resident> models, ToDoubleFunction<Resident> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (Resident model : models) {
      gauge.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(Labels.of("model_name", model.entry().name()))
              .value(value.applyAsDouble(model))
              .build());
    }
    return gauge.build();
  }
}
