package dev.tributary.normalize.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every secret here is made up; the check digits of cards and accounts are right all the same. */
class RedactorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          email           | jane.doe@example.com
          email           | jane+tag@mail.example.co.uk
          email           | jane%40example.com
          email           | jane\\u0040example.com
          phone           | +14155552671
          phone           | +44 20 7946 0958
          phone           | +49 (0)30 123456-78
          phone           | (415) 555-2671
          phone           | 415-555-2671
          phone           | 1-415-555-2671
          phone           | 020 7946 0958
          phone           | 06.12.34.56.78
          card            | 4111111111111111
          card            | 4111 1111 1111 1111
          card            | 5500-0000-0000-0004
          card            | 340000000000009
          card            | 6011000000000004
          iban            | DE89370400440532013000
          iban            | DE89 3704 0044 0532 0130 00
          iban            | GB82 WEST 1234 5698 7654 32
          iban            | nl91abna0417164300
          ip              | 192.168.10.254
          ip              | 2001:0db8:85a3:0000:0000:8a2e:0370:7334
          ip              | 2001:db8::8a2e:370:7334
          ip              | ::ffff:192.0.2.128
          ip              | fe80::1
          key             | sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789
          key             | sk-proj-AbCdEfGhIjKlMnOpQrStUv_Wx-Yz0123
          key             | sk-live-4eC39HqLyjWDarjt
          key             | sk_live_4eC39HqLyjWDarjtT1zdp7dc
          key             | AKIAIOSFODNN7EXAMPLE
          key             | ghp_16C7e42F292c6912E7710c838347Ae178B4a
          key             | github_pat_11ABCDEFG0abcdefghijkl_mnop
          key             | glpat-AbCdEfGhIjKlMnOpQrSt
          key             | xoxb-123456789012-AbCdEfGhIjKl
          key             | AIzaSyA1234567890abcdefghijklmnopqrstuv
          key             | hf_AbCdEfGhIjKlMnOpQrStUvWxYz01234567
          key             | gsk_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789
          key             | ya29.a0AfH6SMBx1234567890abcdef
          jwt             | eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P
          private_key     | -----BEGIN RSA PRIVATE KEY-----\\nMIIEow==\\n-----END RSA PRIVATE KEY-----
          private_key     | -----BEGIN PRIVATE KEY-----MIIEow
          url_credentials | admin:hunter2
          """)
  void redact_shape_isTakenOut(String kind, String secret) {
    for (String frame :
        List.of(
            "%s", "see %s.", "(%s)", "{\"a\":\"%s\"}", "line\\n%s\\n", "a=%s;", "<%s>", "\t%s\n")) {
      // Given
      boolean isUrl = kind.equals("url_credentials");
      String text = frame.formatted(isUrl ? "https://" + secret + "@db" : secret);
      Map<String, Long> counts = new HashMap<>();

      // When
      String redacted = Redactor.STANDARD.redact(text, counts);

      // Then
      assertThat(redacted).as(text).doesNotContain(secret).contains("[redacted:" + kind + "]");
      assertThat(counts).as(text).containsEntry(kind, 1L);
    }
  }

  /** Redis has a password and no user; drivers take a password with an at sign in it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          redis://:hunter2@redis:6379/0        | redis://[redacted:url_credentials]@redis:6379/0
          redis://:hunter2@localhost           | redis://[redacted:url_credentials]@localhost
          rediss://:hunter2@cache.example.com  | rediss://[redacted:url_credentials]@cache.example.com
          postgres://u:hun@ter2@db/shop        | postgres://[redacted:url_credentials]@db/shop
          postgres://u:h@@@db/shop             | postgres://[redacted:url_credentials]@db/shop
          https://db:5432/a@b                  | https://db:5432/a@b
          https://user@db/shop                 | https://user@db/shop
          https://sk-key:@db/shop              | https://[redacted:url_credentials]@db/shop
          https://:@db/shop                    | https://:@db/shop
          """)
  void redact_urlCredentials_wholeAndNothingElse(String text, String expected) {
    assertThat(Redactor.STANDARD.redact(text, new HashMap<>())).isEqualTo(expected);
    assertThat(Redactor.STANDARD.redactName(text, new HashMap<>())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization: Bearer abcdef123456789, Authorization: Bearer [redacted:bearer]",
    "authorization: bearer AbC.dEf-123~456+/=, authorization: bearer [redacted:bearer]",
    "Authorization: Basic dXNlcjpwYXNzd29yZA==, Authorization: Basic [redacted:bearer]"
  })
  void redact_scheme_keepsItsName(String text, String expected) {
    assertThat(Redactor.STANDARD.redact(text, new HashMap<>())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The bearer of this letter understands it",
        "Basic understanding of authentication",
        "4111111111111112 has a wrong check digit",
        "1763683200000000 microseconds, 1763683200000 milliseconds",
        "trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7",
        "550e8400-e29b-41d4-a716-446655440000",
        "DE89370400440532013001 has wrong check digits",
        "XX89370400440532013000 is of no country",
        "v1.2.3 and 10.4 and 3.14159",
        "1.2.3.4.5 is a section, 256.1.1.1 no address",
        "12:30:45 2026-11-20T12:30:45Z",
        "aa:bb:cc:dd:ee:ff is hardware",
        "std::vector<int> and Foo::bar",
        "[0.123456, -0.456789, 0.987654321]",
        "0.123456 0.789012 0.345678",
        "100 200 3000 and 300-150-1024",
        "2026-11-20 10:00 08-12-2026 01/02/2026",
        "1,234,567.89 USD for 120000 tokens",
        "@mention user@localhost a@b",
        "sk-learn-pipeline-and-transformers",
        "task-management-of-long-projects",
        "AKIA is a prefix, AKIAlowercase00000000 too",
        "eyJ alone, eyJhbGci. too",
        "-----BEGIN CERTIFICATE-----MIIB-----END CERTIFICATE-----",
        "https://example.com:8080/path?x=1 http://host/a@b",
        "ghp_short hf_models xai-grok"
      })
  void redact_innocentText_isTheSameObject(String text) {
    Map<String, Long> counts = new HashMap<>();

    assertThat(Redactor.STANDARD.redact(text, counts)).isSameAs(text);
    assertThat(counts).isEmpty();
  }

  @Test
  void redact_several_countedByKind() {
    // Given
    Map<String, Long> counts = new HashMap<>();

    // When
    String redacted =
        Redactor.STANDARD.redact("a@example.com, b@example.com from 10.0.0.1", counts);

    // Then
    assertThat(redacted).isEqualTo("[redacted:email], [redacted:email] from [redacted:ip]");
    assertThat(counts).containsOnly(Map.entry("email", 2L), Map.entry("ip", 1L));
  }

  @Test
  void redactName_keepsNumbers() {
    String text = "+14155552671 jane@example.com sk-ant-api03-AbCdEfGhIjKlMnOpQrSt";

    assertThat(Redactor.STANDARD.redactName(text, new HashMap<>()))
        .isEqualTo("+14155552671 [redacted:email] [redacted:key]");
  }

  @Test
  void redact_customPattern_asItsKind() {
    Redactor redactor = Redactor.with(Map.of("badge", "B-[0-9]{4}", "visit", "V[0-9]+"));
    Map<String, Long> counts = new HashMap<>();

    String redacted = redactor.redact("B-1234 on V9, B-12", counts);

    assertThat(redacted).isEqualTo("[redacted:badge] on [redacted:visit], B-12");
    assertThat(counts).containsOnly(Map.entry("badge", 1L), Map.entry("visit", 1L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "a*", "(?=x)", "(a)\\1"})
  void with_patternThatCannotBe_isRefused(String pattern) {
    assertThatThrownBy(() -> Redactor.with(Map.of("mine", pattern)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mine");
  }

  /** Random texts around planted secrets: none comes out, and a second pass finds nothing. */
  @Test
  void redact_plantedSecrets_neverComeOut() {
    long seed = Long.getLong("tributary.seed", 20_261_121L);
    Random random = new Random(seed);
    String[] glue = {
      " ", "\n", "\\n", "\\t", "\"", ",", ";", "\": \"", " word ", "é", "。", "(", "[", "=", "\\\""
    };
    for (int round = 0; round < 4_000; round++) {
      List<String> planted = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(6); i >= 0; i--) {
        String secret = secret(random);
        planted.add(secret);
        text.append(glue[random.nextInt(glue.length)]).append(secret);
        text.append(glue[random.nextInt(glue.length)]);
      }

      String redacted = Redactor.STANDARD.redact(text.toString(), new HashMap<>());

      assertThat(redacted)
          .as("seed %d, round %d: %s", seed, round, text)
          .doesNotContain(planted.toArray(new String[0]));
    }
  }

  private static String secret(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> "sk-ant-api03-" + letters(random, 40);
      case 1 -> "ghp_" + letters(random, 36);
      case 2 -> "AKIA" + letters(random, 16).toUpperCase(java.util.Locale.ROOT);
      case 3 -> letters(random, 8) + "@" + letters(random, 6) + ".example.org";
      case 4 -> card(random);
      case 5 -> "eyJ" + letters(random, 20) + "." + letters(random, 30) + "." + letters(random, 20);
      case 6 -> "xoxb-" + letters(random, 24);
      default ->
          "10." + random.nextInt(256) + '.' + random.nextInt(256) + '.' + random.nextInt(256);
    };
  }

  private static String letters(Random random, int length) {
    String alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static String card(Random random) {
    StringBuilder digits = new StringBuilder("4");
    while (digits.length() < 15) {
      digits.append(random.nextInt(10));
    }
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      int digit = digits.charAt(14 - i) - '0';
      int doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
      sum += i % 2 == 0 ? doubled : digit;
    }
    return digits.append((10 - sum % 10) % 10).toString();
  }

  /**
   * Texts made of what every look begins with. Four million characters each: a quadratic look would
   * run for hours, so the build's own time limit is the assertion.
   */
  @Test
  void redact_hostileText_endsInLinearTime() {
    for (String unit :
        List.of(
            "sk-",
            "ghp_",
            "sk-a",
            "@a.",
            "a@",
            "a@a.a",
            "eyJ",
            "eyJaaaaaa.",
            "-----BEGIN ",
            "1 ",
            "4 4-",
            "+1",
            "(1)",
            "::",
            "a:",
            "1.",
            "://",
            "://a:",
            "bearer ",
            "%40",
            "DE89 ",
            "\\",
            "\\u0040",
            "0-0 ",
            "1:",
            "AKIA",
            "a",
            "-----BEGIN PRIVATE KEY")) {
      String text = unit.repeat((1 << 22) / unit.length());

      String redacted = Redactor.STANDARD.redact(text, new HashMap<>());

      assertThat(redacted.length()).as(unit).isPositive();
    }
  }
}
