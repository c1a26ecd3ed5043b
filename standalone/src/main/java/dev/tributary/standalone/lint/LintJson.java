package dev.tributary.standalone.lint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.standalone.lint.LintFinding.Severity;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A report as JSON, for a build that checks its telemetry. */
public final class LintJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private LintJson() {}

  /** Prints a report as one object. */
  public static void print(LintReport report, PrintWriter out) {
    ObjectNode root = MAPPER.createObjectNode();
    Tally total = report.total();
    root.put("source", report.facts().source());
    report.facts().unreadable().forEach(root.putArray("unreadable")::add);
    root.put("spans", total.spans);
    root.put("traces", report.facts().traces());
    root.put("calls", total.calls);
    root.put("failed_calls", total.failedCalls);
    root.put("repeated_spans", report.facts().repeated());
    root.put("quality", rounded(report.score()));
    for (Severity severity : Severity.values()) {
      root.put(Tally.word(severity) + "s", report.count(severity));
    }
    ArrayNode parts = root.putArray("instrumentations");
    report.parts().forEach(part -> part(part, parts.addObject()));
    try {
      out.println(MAPPER.writeValueAsString(root));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
    out.flush();
  }

  private static void part(LintReport.Part part, ObjectNode to) {
    Tally tally = part.tally();
    to.put("service", part.id().service());
    to.put("scope", part.id().scope());
    to.put("scope_version", part.id().version());
    to.put("dialect", tally.dialect());
    to.put("quality", rounded(part.score()));
    to.put("spans", tally.spans);
    to.put("calls", tally.calls);
    to.put("failed_calls", tally.failedCalls);
    counts(to.putObject("dialects"), tally.dialects);
    counts(to.putObject("kinds"), tally.kinds);
    counts(to.putObject("rejected"), tally.rejected);
    ObjectNode quality = to.putObject("usage_quality");
    tally.quality.forEach((word, calls) -> quality.put(Tally.word(word), calls));
    ArrayNode conventions = to.putArray("usage_convention");
    tally.conventions.forEach(
        (convention, calls) ->
            conventions
                .addObject()
                .put("convention", convention.label())
                .put("decided", convention.decision())
                .put("calls", calls));
    ObjectNode fields = to.putObject("fields");
    tally.fields.forEach(
        (field, count) ->
            fields
                .putObject(Tally.word(field))
                .put("known", count.ok())
                .put("missing", count.failed())
                .put("of", count.of()));
    ObjectNode tags = to.putObject("tags");
    tally.tags.forEach((tag, places) -> counts(tags.putObject(tag), places));
    counts(to.putObject("unknown_attributes"), tally.unknownAttributes);
    ArrayNode checks = to.putArray("checks");
    for (Check check : Check.values()) {
      Count count = tally.check(check);
      if (count.of() > 0) {
        checks
            .addObject()
            .put("check", check.label())
            .put("weight", check.weight())
            .put("ok", count.ok())
            .put("of", count.of())
            .put("points_lost", rounded(Score.lost(tally, check)));
      }
    }
    ArrayNode findings = to.putArray("findings");
    part.findings().forEach(finding -> finding(finding, findings.addObject()));
  }

  private static void finding(LintFinding finding, ObjectNode to) {
    to.put("severity", Tally.word(finding.severity()));
    to.put("code", finding.code());
    to.put("what", finding.what());
    to.put("affected", finding.affected());
    to.put("of", finding.of());
    to.put("points_lost", rounded(finding.points()));
    to.put("why", finding.why());
    ArrayNode remedies = to.putArray("remedies");
    for (Remedy remedy : finding.remedies()) {
      remedies
          .addObject()
          .put("where", Tally.word(remedy.where()))
          .put("attribute", remedy.attribute())
          .put("value", remedy.value())
          .put("line", remedy.line());
    }
  }

  private static void counts(ObjectNode to, Map<String, Long> counts) {
    counts.forEach(to::put);
  }

  private static @Nullable Double rounded(@Nullable Double score) {
    return score == null ? null : Math.floor(score * 10) / 10;
  }
}
