package dev.hadal.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A {@link Checkup} for people. */
final class CheckupReport {
  private CheckupReport() {}

  static void print(Checkup checkup, Sheet sheet) {
    machine(checkup.machine(), sheet);
    java(checkup.java(), checkup.machine(), sheet);
    backEnds(checkup, sheet);
    speed(checkup.speed(), sheet);
    List<String> advice = Advice.on(checkup);
    sheet.title("What would make it faster");
    if (advice.isEmpty()) {
      sheet.item("Nothing that is known here.");
    }
    advice.forEach(sheet::item);
  }

  private static void machine(MachineFacts machine, Sheet sheet) {
    String features =
        machine.features().stream()
            .filter(name -> !isWidth(name))
            .collect(Collectors.joining(", "));
    sheet.title("Machine");
    sheet.line("processor", machine.processor());
    sheet.line("cores", cores(machine));
    sheet.line("features", features.isEmpty() ? "none that a back end can ask for" : features);
    sheet.line("memory", memory(machine));
  }

  private static void java(JvmFacts java, MachineFacts machine, Sheet sheet) {
    String width =
        machine.features().stream().filter(CheckupReport::isWidth).findFirst().orElse("there");
    sheet.title("Java");
    sheet.line("version", java.version());
    sheet.line("compiler", java.compiler());
    sheet.line("Vector API", java.vectorApi() ? width : "missing");
    sheet.line("AOT cache", java.aotCache() ? "in use" : "none");
  }

  private static boolean isWidth(String feature) {
    return feature.endsWith(" vectors");
  }

  private static void backEnds(Checkup checkup, Sheet sheet) {
    sheet.title("Back ends");
    String shared = "";
    String sharedBy = "";
    for (BackEndFacts it : checkup.backEnds()) {
      String why = it.used() ? it.why() + ": " + checkup.description() : it.why();
      sheet.line(
          (it.used() ? "* " : "  ") + it.name(),
          !it.runs() && why.equals(shared) ? "as " + sharedBy : why);
      if (!why.equals(shared)) {
        shared = why;
        sharedBy = it.name();
      }
    }
  }

  private static void speed(SpeedFacts speed, Sheet sheet) {
    sheet.title(
        "Speed of %s on %d thread%s"
            .formatted(speed.backend(), speed.threads(), speed.threads() == 1 ? "" : "s"));
    sheet.line(
        "memory",
        String.format(
            Locale.ROOT,
            "reads %.1f GB/s, which decode can't exceed",
            speed.memoryBytesPerSecond() / 1e9));
    for (SpeedFacts.Of of : speed.types()) {
      sheet.line(
          of.type(),
          String.format(
              Locale.ROOT,
              "prefill %s %-6s   decode %5.1f GB/s  %s %3.0f %%",
              operations(of.prefillOperationsPerSecond()),
              of.type().startsWith("F") ? "GFLOPS" : "GOPS",
              of.decodeBytesPerSecond() / 1e9,
              Sheet.bar(of.memoryShare()),
              100 * of.memoryShare()));
    }
  }

  private static String operations(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 10e9 ? "%5.1f" : "%5.0f", perSecond / 1e9);
  }

  private static String cores(MachineFacts machine) {
    int usable = Math.min(machine.cores(), machine.usable());
    return "%d%s%s"
        .formatted(
            machine.cores(),
            machine.processors() > machine.cores()
                ? " with " + machine.processors() + " hardware threads"
                : "",
            usable < machine.cores() ? ", of which this process may use " + usable : "");
  }

  private static String memory(MachineFacts machine) {
    StringBuilder text = new StringBuilder(Sizes.bytes(machine.memoryBytes()));
    if (machine.limitBytes() < machine.memoryBytes()) {
      text.append(", of which the container may use ").append(Sizes.bytes(machine.limitBytes()));
    }
    if (machine.availableBytes() > 0) {
      text.append(", ").append(Sizes.bytes(machine.availableBytes())).append(" free");
    }
    if (machine.lastCacheBytes() > 0) {
      text.append("; last cache ").append(Sizes.bytes(machine.lastCacheBytes()));
    }
    return text.toString();
  }
}
