package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SameServerTest {
  @ParameterizedTest
  @CsvSource({
    "http://localhost:8123, http://localhost:8123/, true",
    "http://localhost:8123/, http://127.0.0.1:8123, true",
    "HTTP://LocalHost:8123, http://127.0.0.1:8123, true",
    "http://db.example, http://db.example:80/, true",
    "https://db.example/, https://DB.example:443, true",
    "http://db.example/ch, http://db.example/ch/, true",
    "no url at all, no url at all, true",
    "http://localhost:8123, http://localhost:8124, false",
    "http://localhost:8123, https://localhost:8123, false",
    "http://localhost:8123, http://db.example:8123, false",
    "http://db.example/ch, http://db.example/other, false",
    "http://me@db.example, http://you@db.example, false",
    "http://db.example/?a=1, http://db.example/?a=2, false",
    "no url at all, none either, false",
    "db_1:8123, db_2:8123, false",
    "http://db_1:8123, http://db_2:8123, false"
  })
  void url_isTheSame_howeverItIsSpelt(String url, String other, boolean isSame) {
    assertThat(SameServer.byUrl(url, other)).isEqualTo(isSame);
    assertThat(SameServer.byUrl(other, url)).isEqualTo(isSame);
  }

  @ParameterizedTest
  @CsvSource({
    "'localhost:9092', '127.0.0.1:9092', true",
    "'a:9092, b:9092', 'b:9092,a:9092,', true",
    "'a:9092', 'a:9093', false",
    "'a:9092', 'a:9092,b:9092', false"
  })
  void brokers_areTheSame_inAnyOrder(String list, String other, boolean isSame) {
    assertThat(SameServer.byBrokers(list, other)).isEqualTo(isSame);
  }
}
