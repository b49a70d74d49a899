package dev.hadal.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of {@code hadal} that serves on a free port, until it is closed. */
record ServingProcess(Process process, URI address) implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("http://[\\w.:]+\\d");

  /** What the launcher gives to Java. */
  static final List<String> FLAGS =
      List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED");

  /**
   * Starts it and waits until it says where it is.
   *
   * @param flags of Java
   * @param data where it keeps conversations
   */
  static ServingProcess of(
      List<String> flags, Path data, Map<String, String> environment, String... command)
      throws IOException {
    Process process = start(flags, data, environment, command);
    BufferedReader out = process.inputReader(UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        return new ServingProcess(process, URI.create(address.group()));
      }
    }
    throw new AssertionError(
        "it does not serve: " + new String(process.getErrorStream().readAllBytes(), UTF_8));
  }

  /** As {@link #of}, without waiting. */
  static Process start(
      List<String> flags, Path data, Map<String, String> environment, String... command)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(flags);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    line.addAll(List.of(command));
    line.addAll(List.of("--port", "0", "--data", data.toString()));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().putAll(environment);
    builder.environment().put("PATH", "/nowhere"); // no browser is opened by a test
    return builder.start();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
