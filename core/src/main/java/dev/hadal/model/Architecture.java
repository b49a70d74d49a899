package dev.hadal.model;

import dev.hadal.format.Config;
import dev.hadal.nn.Weights;

/** Builds a family's model from its configuration and weights. */
@FunctionalInterface
interface Architecture {
  Model create(Config config, Weights weights);
}
