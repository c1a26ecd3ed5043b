package dev.tributary.standalone.lint;

import dev.tributary.schemas.Provenance;
import dev.tributary.standalone.lint.LintFinding.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was found in a set of spans, by service and instrumentation. Immutable. */
public final class LintReport {
  /** One instrumentation of one service. */
  record Part(ScopeId id, Tally tally, @Nullable Double score, List<LintFinding> findings) {}

  private final List<Part> parts;
  private final Tally total;
  private final Facts facts;

  /**
   * What belongs to no instrumentation.
   *
   * @param source what was read, for the heading
   * @param unreadable what could not be read, with the reason
   * @param repeated spans that came more than once and count once
   */
  record Facts(String source, List<String> unreadable, long repeated, long traces) {}

  private LintReport(List<Part> parts, Tally total, Facts facts) {
    this.parts = parts;
    this.total = total;
    this.facts = facts;
  }

  /**
   * Judges spans, each of which is there once.
   *
   * @param rejected refused spans by service and reason
   * @param changed spans that came again with other contents and are not among those
   */
  static LintReport of(
      List<LintedSpan> spans,
      Map<ScopeId, Map<String, Long>> rejected,
      Map<ScopeId, Long> changed,
      Facts facts) {
    Map<ScopeId, Tally> tallies = new TreeMap<>(ScopeId.ORDER);
    Set<String> responses = new HashSet<>();
    for (LintedSpan span : spans) {
      Tally tally = tallies.computeIfAbsent(ScopeId.of(span.span()), id -> new Tally());
      tally.add(span);
      addOnce(tally, span, responses);
    }
    rejected.forEach(
        (id, reasons) ->
            reasons.forEach(tallies.computeIfAbsent(id, i -> new Tally())::addRejected));
    changed.forEach((id, count) -> tallies.computeIfAbsent(id, i -> new Tally()).changed += count);
    Tally total = new Tally();
    List<Part> parts = new ArrayList<>();
    tallies.forEach(
        (id, tally) -> {
          total.add(tally);
          parts.add(new Part(id, tally, Score.of(tally), Rules.of(id, tally)));
        });
    return new LintReport(List.copyOf(parts), total, facts);
  }

  /** A call is recorded once where no earlier span of a model call has its response id. */
  private static void addOnce(Tally tally, LintedSpan span, Set<String> responses) {
    boolean isModelKind =
        switch (span.span().getKind()) {
          case LLM, EMBEDDING, RERANK -> true;
          default -> false;
        };
    String response = span.span().getResponseId();
    boolean isRepeated = isModelKind && response != null && !responses.add(response);
    if (span.isCall() || isRepeated) {
      tally.addOnce(!isRepeated);
    }
  }

  /** Provenance of the tags that lint asks for, where they are known. */
  static Map<String, Provenance> known(Map<String, @Nullable Provenance> tags) {
    Map<String, Provenance> known = new HashMap<>();
    tags.forEach(
        (tag, provenance) -> {
          if (provenance != null && provenance != Provenance.UNATTRIBUTED) {
            known.put(tag, provenance);
          }
        });
    return known;
  }

  List<Part> parts() {
    return parts;
  }

  /** Names of the services that were found, sorted. */
  public List<String> services() {
    return parts.stream()
        .map(part -> part.id().service())
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  Tally total() {
    return total;
  }

  Facts facts() {
    return facts;
  }

  /** Score of everything, 0 to 100; null: nothing was read. */
  @Nullable Double score() {
    return Score.of(total);
  }

  long count(Severity severity) {
    return parts.stream()
        .flatMap(part -> part.findings().stream())
        .filter(finding -> finding.severity() == severity)
        .map(LintFinding::code)
        .distinct()
        .count();
  }

  /** True where no span was read and none refused. */
  public boolean isEmpty() {
    return parts.isEmpty();
  }

  /** Exit code of the command: 2 unreadable input, 1 findings of severity error, 0 fine. */
  public int exitCode() {
    if (!facts.unreadable().isEmpty() || isEmpty()) {
      return 2;
    }
    return count(Severity.ERROR) > 0 ? 1 : 0;
  }
}
