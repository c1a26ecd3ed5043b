package dev.tributary.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** One table of all measured rounds, with ratios to the raw copy, and the same as JSON. */
final class Report {
  private static final String ROW = "%-4s %-22s %10s %10s %14s %14s%n";
  private static final String BASELINE = CopyScenario.REQUESTS;

  private final Map<String, List<Measurement>> byScenario = new TreeMap<>();
  private final double loadAtStart;

  /**
   * An empty report.
   *
   * @param loadAtStart load average of the machine before the first round; high: figures are noisy
   */
  Report(double loadAtStart) {
    this.loadAtStart = loadAtStart;
  }

  void add(Measurement measured) {
    byScenario.computeIfAbsent(measured.scenario(), s -> new ArrayList<>()).add(measured);
  }

  void print(PrintWriter out) {
    out.printf(ROW, "", "", "us/span", "us/span", "spans/s", "x copy (00)");
    out.printf(ROW, "no.", "CPU of", "median", "best", "median", "median / best");
    byScenario.forEach((scenario, rounds) -> print(out, scenario, rounds));
    out.printf("load average before the first round: %.1f%n", loadAtStart);
    out.flush();
  }

  private void print(PrintWriter out, String scenario, List<Measurement> rounds) {
    ToDoubleFunction<Measurement> total = Measurement::ourMicrosPerSpan;
    out.printf(
        ROW,
        scenario,
        "our JVMs",
        number(median(rounds, total)),
        number(best(rounds, total)),
        "%,.0f".formatted(median(rounds, Measurement::spansPerSecond)),
        ratio(rounds));
    for (String process : rounds.get(0).ours().keySet()) {
      print(out, "  " + process, rounds, m -> cpu(m, m.ours(), process));
    }
    for (String process : rounds.get(0).beside().keySet()) {
      print(out, "beside: " + process, rounds, m -> cpu(m, m.beside(), process));
    }
    Measurement last = rounds.get(rounds.size() - 1);
    out.printf("     %,d spans, %,d bytes; %s%n", last.spans(), last.bytes(), last.notes());
  }

  private static void print(
      PrintWriter out, String name, List<Measurement> rounds, ToDoubleFunction<Measurement> of) {
    out.printf(ROW, "", name, number(median(rounds, of)), number(best(rounds, of)), "", "");
  }

  private String ratio(List<Measurement> rounds) {
    List<Measurement> copies = byScenario.get(BASELINE);
    if (copies == null) {
      return "";
    }
    ToDoubleFunction<Measurement> total = Measurement::ourMicrosPerSpan;
    return "%.1f / %.1f"
        .formatted(
            median(rounds, total) / median(copies, total),
            best(rounds, total) / best(copies, total));
  }

  private static double cpu(Measurement m, Map<String, Duration> used, String process) {
    return m.microsPerSpan(used.getOrDefault(process, Duration.ZERO));
  }

  private static String number(double value) {
    return "%.2f".formatted(value);
  }

  private static double best(List<Measurement> rounds, ToDoubleFunction<Measurement> of) {
    return rounds.stream().mapToDouble(of).min().orElse(0);
  }

  static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> of) {
    double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Writes every measured round. */
  void write(Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode root = mapper.createObjectNode().put("load_average_before", loadAtStart);
    ArrayNode rounds = root.putArray("rounds");
    byScenario.values().forEach(list -> list.forEach(m -> rounds.add(json(mapper, m))));
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.write(file, mapper.writeValueAsBytes(root));
  }

  private static ObjectNode json(ObjectMapper mapper, Measurement m) {
    ObjectNode node =
        mapper
            .createObjectNode()
            .put("scenario", m.scenario())
            .put("round", m.round())
            .put("spans", m.spans())
            .put("bytes", m.bytes())
            .put("wall_s", m.wall().toNanos() / 1e9)
            .put("cpu_us_per_span", m.ourMicrosPerSpan())
            .put("spans_per_s", m.spansPerSecond());
    ObjectNode ours = node.putObject("cpu_us_per_span_by_process");
    m.ours().forEach((name, cpu) -> ours.put(name, m.microsPerSpan(cpu)));
    ObjectNode beside = node.putObject("cpu_us_per_span_beside");
    m.beside().forEach((name, cpu) -> beside.put(name, m.microsPerSpan(cpu)));
    ObjectNode notes = node.putObject("notes");
    m.notes().forEach(notes::put);
    return node;
  }
}
