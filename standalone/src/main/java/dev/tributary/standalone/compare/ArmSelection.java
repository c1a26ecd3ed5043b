package dev.tributary.standalone.compare;

import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlLiteral;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which calls are the two arms.
 *
 * @param by what tells the arms apart
 * @param prompt name of the prompt; null: all calls. Needed for versions of it
 * @param baseline the column's value in the baseline
 * @param candidate the column's value in the candidate
 * @param environment null: all
 * @param feature null: all
 * @param since from the hour it lies in; null: all there is
 * @param until before the hour it lies in; null: now
 */
public record ArmSelection(
    String tenant,
    By by,
    @Nullable String prompt,
    String baseline,
    String candidate,
    @Nullable String environment,
    @Nullable String feature,
    @Nullable Instant since,
    @Nullable Instant until) {

  /** What tells the arms apart. */
  public enum By {
    PROMPT_VERSION("prompt_version", "prompt_version"),
    MODEL("model", "model"),
    /** The model that answered, whatever was asked for. */
    RETURNED_MODEL("answered_by", "returned model"),
    EXPERIMENT("experiment", "experiment");

    private final String column;
    private final String label;

    By(String column, String label) {
      this.column = column;
      this.label = label;
    }

    /** The column of comparison_calls and comparison_scores. */
    public String column() {
      return column;
    }
  }

  public ArmSelection {
    if (baseline.equals(candidate)) {
      throw new PlatformException("both arms are " + baseline);
    }
    if (by == By.PROMPT_VERSION && prompt == null) {
      throw new PlatformException("versions are of a prompt: --prompt is missing");
    }
    if (since != null && until != null && !since.isBefore(until)) {
      throw new PlatformException("--until must be after --since");
    }
    if (since != null && until != null && hour(since).equals(hour(until))) {
      throw new PlatformException(
          "--until must be in a later hour than --since: sums are by hour, and the one that --until"
              + " lies in is left out");
    }
  }

  /** For people and as the subject of events. */
  String subject() {
    return prompt == null ? by.label + " " + candidate : "prompt " + prompt + " " + candidate;
  }

  /** The conditions on comparison_calls and comparison_scores. */
  String where() {
    StringBuilder sql = new StringBuilder(256);
    sql.append("tenant = ").append(SqlLiteral.text(tenant));
    sql.append(" AND ").append(by.column()).append(" IN (");
    sql.append(SqlLiteral.text(baseline))
        .append(", ")
        .append(SqlLiteral.text(candidate))
        .append(')');
    and(sql, "prompt_name", prompt);
    and(sql, "environment", environment);
    and(sql, "feature", feature);
    if (since != null) {
      sql.append(" AND hour >= toStartOfHour(toDateTime(")
          .append(since.getEpochSecond())
          .append(", 'UTC'))");
    }
    if (until != null) {
      sql.append(" AND hour < toStartOfHour(toDateTime(")
          .append(until.getEpochSecond())
          .append(", 'UTC'))");
    }
    return sql.toString();
  }

  private static Instant hour(Instant time) {
    return time.truncatedTo(ChronoUnit.HOURS);
  }

  private static void and(StringBuilder sql, String column, @Nullable String value) {
    if (value != null) {
      sql.append(" AND ").append(column).append(" = ").append(SqlLiteral.text(value));
    }
  }
}
