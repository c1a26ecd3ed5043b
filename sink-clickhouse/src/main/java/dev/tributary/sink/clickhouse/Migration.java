package dev.tributary.sink.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A script of SQL statements.
 *
 * @param version from 1; 0: the views, all applied again whenever the text of one changes
 * @param name file name; of the views, what all of theirs begin with
 * @param text its text
 */
record Migration(int version, String name, String text) {
  private static final String FOLDER = "migrations/";

  /** Scripts in the order in which they are applied; a released one is never changed. */
  private static final List<String> VERSIONED =
      List.of(
          "V001__tables.sql",
          "V002__gauges.sql",
          "V003__traces_in_depth.sql",
          "V020__cells_scores_events.sql",
          "V030__alerts.sql",
          "V040__judged_means.sql",
          "V050__media_calls.sql");

  /** By subject; a view stands behind those it reads. */
  private static final List<String> VIEWS =
      List.of(
          "R__1_lines.sql",
          "R__2_telemetry.sql",
          "R__3_traces.sql",
          "R__4_windows.sql",
          "R__5_serving.sql",
          "R__6_quality.sql",
          "R__7_finance.sql",
          "R__8_savings.sql",
          "R__9_alerts.sql");

  /** The versioned scripts of this program. */
  static List<Migration> versioned() {
    List<Migration> all = new ArrayList<>();
    for (String name : VERSIONED) {
      // V020__name.sql: versions ascend, but need not follow each other.
      int version = Integer.parseInt(name.substring(1, name.indexOf("__")));
      all.add(new Migration(version, name, read(name)));
    }
    return List.copyOf(all);
  }

  /** The views of this program. */
  static Migration views() {
    return new Migration(
        0, "R__", VIEWS.stream().map(Migration::read).collect(Collectors.joining()));
  }

  /** SHA-256 of the text, lower-case hex. */
  String checksum() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The statements, without comment lines. A semicolon at the end of a line ends a statement. */
  List<String> statements() {
    StringBuilder sql = new StringBuilder();
    text.lines()
        .filter(line -> !line.stripLeading().startsWith("--"))
        .forEach(line -> sql.append(line.stripTrailing()).append('\n'));
    List<String> statements = new ArrayList<>();
    for (String statement : sql.toString().split(";\n")) {
      if (!statement.isBlank()) {
        statements.add(statement.strip());
      }
    }
    return statements;
  }

  private static String read(String name) {
    try (InputStream in = Migration.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: " + FOLDER + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
