package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which line of a log a kill made untrue. */
class DeduplicationLogsTest {

  private static final String FIRST = "1\tall_1_1_0\tall_10_10\n";

  @TempDir Path dataDir;

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "the part is there,              all_2_2_0,          true",
    "a mutation of it is,            all_2_2_0_7,        true",
    "merged into the next ones,      all_2_5_1,          true",
    "merged into the one before,     all_1_2_1,          true",
    "merged in the middle,           all_1_9_3,          true",
    "nothing is there,               ,                   false",
    "only the one before,            all_1_1_0,          false",
    "only the next,                  all_3_3_0,          false",
    "of another partition,           202601_2_2_0,       false",
    "written and not yet named,      tmp_insert_all_2_2_0, false",
    "detached,                       detached/all_2_2_0, false"
  })
  void lastLine_staysWhereItsPartIs(String name, String part, boolean stays) throws IOException {
    Path log = log("store/abc/abcdef", 1, FIRST + "1\tall_2_2_0\tall_20_20\n");
    if (part != null) {
      Files.createDirectories(dataDir.resolve("store/abc/abcdef").resolve(part));
    }

    DeduplicationLogs.mend(dataDir);

    assertThat(Files.readString(log)).isEqualTo(FIRST + (stays ? "1\tall_2_2_0\tall_20_20\n" : ""));
  }

  /** Only the last one can be untrue; the others' parts may be long gone by TTL. */
  @Test
  void linesBeforeTheLast_stay() throws IOException {
    Path log = log("data/db/t", 1, FIRST + "1\tall_2_2_0\tall_20_20\n1\tall_3_3_0\tall_30_30\n");
    Files.createDirectories(dataDir.resolve("data/db/t/all_3_3_0"));

    DeduplicationLogs.mend(dataDir);

    assertThat(Files.readString(log)).contains("all_1_1_0", "all_2_2_0", "all_3_3_0");
  }

  @Test
  void lineThatDrops_stays() throws IOException {
    Path log = log("store/abc/abcdef", 1, FIRST + "2\tall_1_1_0\tall_10_10\n");

    DeduplicationLogs.mend(dataDir);

    assertThat(Files.readString(log)).endsWith("2\tall_1_1_0\tall_10_10\n");
  }

  @Test
  void lineCutShort_goes() throws IOException {
    Path log = log("store/abc/abcdef", 1, FIRST + "1\tall_2_2_0\tal");
    Files.createDirectories(dataDir.resolve("store/abc/abcdef/all_2_2_0"));

    DeduplicationLogs.mend(dataDir);

    assertThat(Files.readString(log)).isEqualTo(FIRST);
  }

  /** The tenth log is newer than the ninth, and an empty one was begun by the last insert. */
  @Test
  void lastLine_isThatOfTheNewestLogWithOne() throws IOException {
    Path ninth = log("store/abc/abcdef", 9, FIRST);
    Path tenth = log("store/abc/abcdef", 10, "1\tall_2_2_0\tall_20_20\n");
    Path eleventh = log("store/abc/abcdef", 11, "");

    DeduplicationLogs.mend(dataDir);

    assertThat(Files.readString(ninth)).isEqualTo(FIRST);
    assertThat(Files.readString(tenth)).isEmpty();
    assertThat(Files.readString(eleventh)).isEmpty();
  }

  @Test
  void folderWithoutTables_isLeftAlone() throws IOException {
    Files.writeString(dataDir.resolve("tributary.lock"), "");

    DeduplicationLogs.mend(dataDir);

    assertThat(dataDir.resolve("store")).doesNotExist();
  }

  private Path log(String table, int number, String content) throws IOException {
    Path logs = dataDir.resolve(table).resolve("deduplication_logs");
    Files.createDirectories(logs);
    return Files.writeString(logs.resolve("deduplication_log_" + number + ".txt"), content);
  }
}
