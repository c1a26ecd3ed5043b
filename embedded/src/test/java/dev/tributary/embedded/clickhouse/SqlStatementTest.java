package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.embedded.clickhouse.SqlStatement.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlStatementTest {

  private static SqlStatement parse(String text) throws EngineException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return SqlStatement.parse(bytes, bytes.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "INSERT INTO t FORMAT Native\\nDATA | INSERT INTO t | Native | DATA",
        "insert into t (a, b) format TSV 1\\t2 | insert into t (a, b) | TSV | 1\\t2",
        "INSERT INTO t SETTINGS async_insert=1, s='FORMAT X' FORMAT CSV  \\n\\nDATA |"
            + " INSERT INTO t SETTINGS async_insert=1, s='FORMAT X' | CSV | \\nDATA",
        "INSERT INTO t VALUES (1) | INSERT INTO t | Values | (1)",
        "INSERT INTO values VALUES (1) | INSERT INTO values | Values | (1)",
        "INSERT INTO format FORMAT TSV\\n1 | INSERT INTO format | TSV | 1",
        "INSERT INTO db.values (format, `values`) VALUES(1,2) |"
            + " INSERT INTO db.values (format, `values`) | Values | (1,2)",
        "INSERT INTO TABLE FUNCTION null('n Int64') FORMAT TSV\\n1 |"
            + " INSERT INTO TABLE FUNCTION null('n Int64') | TSV | 1",
        "INSERT INTO {db:Identifier}.{t:Identifier} FORMAT TSV\\n1 |"
            + " INSERT INTO {db:Identifier}.{t:Identifier} | TSV | 1",
        "/* INSERT INTO x VALUES */ INSERT -- FORMAT Y\\n INTO t FORMAT TSV\\n1 |"
            + " /* INSERT INTO x VALUES */ INSERT -- FORMAT Y\\n INTO t | TSV | 1"
      })
  void insert_splitsHeadFormatAndData(String text, String head, String format, String data)
      throws EngineException {
    String sql = unescape(text);
    SqlStatement statement = parse(sql);
    assertThat(statement.kind()).isEqualTo(Kind.INSERT_DATA);
    assertThat(sql.substring(0, statement.headLength()).strip()).isEqualTo(unescape(head));
    assertThat(statement.format()).isEqualTo(format);
    assertThat(sql.substring(statement.dataOffset()).strip()).isEqualTo(unescape(data).strip());
  }

  private static String unescape(String text) {
    return text.replace("\\n", "\n").replace("\\t", "\t");
  }

  /** To the byte: one too many or too few shifts every value of binary data. */
  @ParameterizedTest
  @ValueSource(strings = {" ", "\n", "\r\n", " \t\n", "\f\r\n"})
  void insert_dataBeginsBehindOneLineBreak(String between) throws EngineException {
    for (String data : List.of("X", "\nX", "\r\nX", "\rX")) {
      if (between.isBlank() && !between.contains("\n") && !data.equals("X")) {
        continue;
      }
      String sql = "INSERT INTO t FORMAT RowBinary" + between + data;

      assertThat(sql.substring(parse(sql).dataOffset())).isEqualTo(data);
    }
  }

  @Test
  void insert_dataKeepsItsFirstBlankLine() throws EngineException {
    String sql = "INSERT INTO t FORMAT TSV \n\n1";
    assertThat(parse(sql).dataOffset()).isEqualTo(sql.length() - 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1 | SELECT |",
        "select 1 format JSON | SELECT | JSON",
        "SELECT 1 FORMAT JSON SETTINGS max_threads = 1; | SELECT | JSON",
        "SELECT a AS format FROM t | SELECT |",
        "SELECT format('{}', a) FROM t | SELECT |",
        "(SELECT 1 FORMAT x) | SELECT |",
        "WITH x AS (SELECT 1) SELECT * FROM x FORMAT CSV | SELECT | CSV",
        "SHOW TABLES FORMAT TSV | OTHER | TSV",
        "INSERT INTO t SELECT 1 | OTHER |",
        "INSERT INTO t (a) WITH 1 AS x SELECT x | OTHER |",
        "INSERT INTO t ((SELECT 1)) | OTHER |",
        "INSERT INTO t | INSERT_INCOMPLETE |",
        "INSERT INTO t (a, b) | INSERT_INCOMPLETE |",
        "CREATE TABLE t (a String DEFAULT ';') ENGINE = Memory; | OTHER |",
        "-- nothing | EMPTY |"
      })
  void statement_kindAndFormat(String text, Kind kind, String format) throws EngineException {
    SqlStatement statement = parse(text);
    assertThat(statement.kind()).isEqualTo(kind);
    assertThat(statement.format()).isEqualTo(format);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1; SELECT 2",
        "SELECT ';'; x",
        "SELECT 1;;; SELECT 2",
        "SELECT `a;` ; -- c\nDROP TABLE t",
        "SELECT 'it\\'s;'; DROP TABLE t",
        "SELECT 'it''s;'; DROP TABLE t",
        "INSERT INTO t; DROP TABLE t FORMAT TSV",
        "INSERT INTO t SELECT 1; DROP TABLE t"
      })
  void secondStatement_isRefused(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.code()).isEqualTo(62));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ';'",
        "SELECT 1 -- ; SELECT 2",
        "SELECT 1 /* ; SELECT 2 */ ;",
        "SELECT $q$ ; DROP TABLE t $q$",
        "SELECT \"a;b\" FROM t # ; comment",
        "SELECT 'a\\';b'"
      })
  void semicolonWithinTexts_isNoBorder(String text) throws EngineException {
    assertThat(parse(text).kind()).isEqualTo(Kind.SELECT);
  }

  /** Trap: the engine answers success to these and inserts nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t SELECT * FROM input('a Int32') FORMAT TSV 1",
        "INSERT INTO t SELECT * FROM (SELECT a FROM Input /* x */ ('a Int32'))",
        "INSERT INTO t WITH 1 AS x SELECT a + x FROM input('a Int32')"
      })
  void insertFromInput_isRefused(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.code()).isEqualTo(48));
  }

  @Test
  void filesOfTheHost_areRefused() {
    assertThatThrownBy(() -> parse("SELECT 1 INTO OUTFILE '/etc/x'"))
        .hasMessageContaining("INTO OUTFILE");
    assertThatThrownBy(() -> parse("INSERT INTO t FROM INFILE '/etc/passwd' FORMAT TSV"))
        .hasMessageContaining("INFILE");
  }

  @Test
  void totals_needTheWholeResult() throws EngineException {
    assertThat(parse("SELECT a, sum(b) FROM t GROUP BY a WITH TOTALS").needsWholeResult()).isTrue();
    assertThat(parse("WITH totals AS (SELECT 1) SELECT 1").needsWholeResult()).isTrue();
    assertThat(parse("SELECT a FROM t").needsWholeResult()).isFalse();
  }
}
