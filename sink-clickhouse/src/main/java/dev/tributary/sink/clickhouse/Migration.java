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

/**
 * A script of SQL statements.
 *
 * @param version from 1; 0: the repeatable script of views, applied again whenever its text changes
 * @param name file name
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
          "V040__judged_means.sql");

  private static final String VIEWS = "R__views.sql";

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
    return new Migration(0, VIEWS, read(VIEWS));
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
