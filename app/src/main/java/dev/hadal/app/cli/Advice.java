package dev.hadal.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What would make this machine faster, in sentences that end with the remedy. */
final class Advice {
  /** One channel of DDR4-2666 reads 21 GB/s; a machine with less has a reason. */
  private static final double LOW_BYTES_PER_SECOND = 15e9;

  private static final double LOW_SHARE = 0.6;
  private static final double BUSY = 0.1;

  private Advice() {}

  /** The largest gain first; empty if nothing is known to help. */
  static List<String> on(Checkup checkup) {
    List<String> advice = new ArrayList<>();
    java(checkup, advice);
    backEnds(checkup.backEnds(), advice);
    cores(checkup.machine(), checkup.speed().threads(), advice);
    memory(checkup, advice);
    if (checkup.speed().others() > BUSY) {
      advice.add(
          "Other programs took %.0f %% of the processors while this measured, so the numbers are"
                  .formatted(100 * checkup.speed().others())
              + " low: measure again when the machine is quiet.");
    }
    if (!checkup.java().aotCache()) {
      advice.add(
          "This JVM started without an AOT cache, which costs the first token half a second:"
              + " ./hadal makes one at its first start.");
    }
    return advice;
  }

  private static void java(Checkup checkup, List<String> advice) {
    JvmFacts java = checkup.java();
    if (!java.vectorApi()) {
      advice.add(
          "The Vector API is missing, without which everything runs fifty times slower: start"
              + " java with --add-modules jdk.incubator.vector (./hadal does).");
    }
    if (!java.optimizing()) {
      advice.add(
          "Java's optimizing compiler is off, which the kernels need: leave out -Xint,"
              + " -XX:TieredStopAtLevel and their like (also in JAVA_TOOL_OPTIONS and"
              + " JDK_JAVA_OPTIONS).");
    }
    List<String> features = checkup.machine().features();
    if (features.contains("AVX2") && features.contains("128-bit vectors")) {
      advice.add(
          "Java's vectors are 128 bits wide on a processor with AVX2: leave out -XX:UseAVX and"
              + " -XX:MaxVectorSize.");
    }
  }

  private static void backEnds(List<BackEndFacts> backEnds, List<String> advice) {
    String last = "";
    for (BackEndFacts it : backEnds) {
      if (it.used()) {
        break;
      }
      String why = it.why();
      if (it.runs()) {
        advice.add("The back end " + it.name() + " is faster: leave out --backend.");
        break;
      } else if (!why.equals(last) && !why.contains("jdk.incubator.vector")) {
        advice.add("The back end " + it.name() + " can't run: " + why + ".");
      }
      last = why;
    }
    backEnds.stream()
        .filter(it -> it.unproven() && !it.used())
        .forEach(
            it -> advice.add("The back end " + it.name() + " may be faster: " + it.why() + "."));
  }

  private static void cores(MachineFacts machine, int threads, List<String> advice) {
    int workers = Math.min(machine.cores(), machine.usable());
    if (threads < workers) {
      advice.add(
          "%d of %d cores %s used: leave out -t, or give -t %d."
              .formatted(threads, workers, threads == 1 ? "is" : "are", workers));
    } else if (threads > workers) {
      advice.add(
          "%d threads share %d core%s, where they wait for each other: give -t %d."
              .formatted(threads, workers, workers == 1 ? "" : "s", workers));
    }
    int affinity = Math.min(machine.cores(), machine.affinity());
    if (affinity < machine.cores()) {
      advice.add(
          "This process may run on %d of the machine's %d cores (its affinity, set by taskset or a"
                  .formatted(affinity, machine.cores())
              + " container's --cpuset-cpus): allow it more.");
    }
    if (workers < affinity) {
      advice.add(
          "A container's quota of processor time, or -XX:ActiveProcessorCount, leaves %d of %d cores: raise it"
                  .formatted(workers, affinity)
              + " (docker --cpus, Kubernetes resources.limits.cpu).");
    }
  }

  private static void memory(Checkup checkup, List<String> advice) {
    SpeedFacts speed = checkup.speed();
    if (!checkup.java().optimizing()) {
      return; // the numbers say nothing about memory
    }
    if (speed.threads() >= checkup.machine().cores()
        && speed.memoryBytesPerSecond() < LOW_BYTES_PER_SECOND) {
      advice.add(
          String.format(
              Locale.ROOT,
              "Memory reads %.1f GB/s, less than one channel of DDR4 gives, and decode can't be"
                  + " faster: a memory module in every channel helps most, on a rented machine a"
                  + " kind with more cores; models in Q4_K_M read half of those in Q8_0.",
              speed.memoryBytesPerSecond() / 1e9));
    }
    boolean slow = speed.types().stream().allMatch(of -> of.memoryShare() < LOW_SHARE);
    if (slow && !speed.backend().equals("reference")) {
      advice.add(
          "Decode reaches less than %.0f %% of what memory gives with every type: the cores are too few or too slow for it"
                  .formatted(100 * LOW_SHARE)
              + ", and more threads would help.");
    }
  }
}
