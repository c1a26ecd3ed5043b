package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlLiteralTest {
  @Test
  void text_quotesAndBackslashes_stayInside() {
    assertThat(SqlLiteral.text("a'b\\")).isEqualTo("'a\\'b\\\\'");
  }

  @Test
  void unescaped_isWhatTsvEscaped() {
    assertThat(SqlLiteral.unescaped("a\\tb\\\\")).isEqualTo("a\tb\\");
    assertThat(SqlLiteral.unescaped("\\b\\f\\r\\n\\0\\'")).isEqualTo("\b\f\r\n\0'");
  }

  @Test
  void money_roundsToCents_smallOnesToTwoDigits() {
    assertThat(SqlLiteral.money("0.004321")).isEqualTo("$0.0043");
    assertThat(SqlLiteral.money("12.345")).isEqualTo("$12.34");
    assertThat(SqlLiteral.money("-12.345")).isEqualTo("$-12.34");
    assertThat(SqlLiteral.money("-0.004321")).isEqualTo("$-0.0043");
    assertThat(SqlLiteral.money("\\N")).isEqualTo("unknown");
  }
}
