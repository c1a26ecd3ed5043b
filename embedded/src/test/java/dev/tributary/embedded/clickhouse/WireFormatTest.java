package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Block frames, HTTP encodings, headers of formats, and the end of VALUES. */
class WireFormatTest {

  private static final long SEED = Long.getLong("tributary.seed", 20_260_203L);

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    Random random = new Random(SEED);
    for (int i = 0; i < length; i++) {
      // Half of it repeats, so that compression has something to do.
      bytes[i] = (byte) (i % 2 == 0 ? 7 : random.nextInt());
    }
    return bytes;
  }

  private static byte[] framed(byte[] bytes) throws IOException {
    ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    try (OutputStream out = BlockFrames.writer(buffer)) {
      out.write(bytes);
    }
    return buffer.toByteArray();
  }

  private static byte[] unframed(byte[] frames) throws IOException {
    return BlockFrames.reader(new ByteArrayInputStream(frames)).readAllBytes();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 1 << 20, (1 << 20) + 1, 3_000_000})
  void frames_roundTrip(int length) throws IOException {
    byte[] bytes = randomBytes(length);
    assertThat(unframed(framed(bytes))).as("seed " + SEED).isEqualTo(bytes);
  }

  /** A sender may pause between the members of a gzip body: what follows is still of the body. */
  @Test
  void gzip_whoseNextMemberHasNotArrivedYet_isReadWhole() throws IOException {
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (String member : List.of("1\n", "2\n", "3\n")) {
      try (OutputStream out = new GZIPOutputStream(members)) {
        out.write(member.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    }
    InputStream slow =
        new FilterInputStream(new ByteArrayInputStream(members.toByteArray())) {
          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return super.read(bytes, offset, Math.min(length, 1));
          }

          @Override
          public int available() {
            return 0;
          }
        };

    String read = new String(HttpEncoding.GZIP.decode(slow).readAllBytes(), StandardCharsets.UTF_8);

    assertThat(read).isEqualTo("1\n2\n3\n");
  }

  @Test
  void frame_anyFlippedBit_isRefused() throws IOException {
    byte[] good = framed(randomBytes(500));
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      int at = i;
      assertThatThrownBy(() -> unframed(bad)).as("byte " + at).isInstanceOf(IOException.class);
    }
  }

  @Test
  void frame_cutOff_isRefused() throws IOException {
    byte[] good = framed(randomBytes(500));
    for (int length : new int[] {1, 16, 24, 25, 100, good.length - 1}) {
      assertThatThrownBy(() -> unframed(Arrays.copyOf(good, length)))
          .as("length " + length)
          .isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(HttpEncoding.class)
  void encoding_roundTrips(HttpEncoding encoding) throws IOException {
    byte[] bytes = randomBytes(200_000);
    ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    try (OutputStream out = encoding.encode(buffer)) {
      out.write(bytes);
    }
    assertThat(buffer.size()).isLessThan(bytes.length);
    assertThat(encoding.decode(new ByteArrayInputStream(buffer.toByteArray())).readAllBytes())
        .as("seed " + SEED)
        .isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip, deflate, br | GZIP",
        "br;q=1.0, zstd;q=0.5 | ZSTD",
        "GZIP,LZ4 | LZ4",
        "identity |",
        "br |"
      })
  void acceptEncoding_picksOurs(String header, HttpEncoding expected) {
    assertThat(HttpEncoding.accepted(header)).isEqualTo(expected);
  }

  @Test
  void header_ofRowBinaryWithNamesAndTypes() {
    byte[] chunk = {1, 1, 'n', 6, 'U', 'I', 'n', 't', '6', '4', 9, 9};
    assertThat(ResultFormat.headerLength("RowBinaryWithNamesAndTypes", chunk)).isEqualTo(10);
    assertThat(ResultFormat.headerLength("RowBinaryWithNames", chunk)).isEqualTo(3);
  }

  @Test
  void header_cutOff_isNotFound() {
    byte[] cut = {2, 1, 'n', 6, 'U', 'I'};
    assertThat(ResultFormat.headerLength("RowBinaryWithNamesAndTypes", cut)).isNegative();
    assertThat(
            ResultFormat.headerLength(
                "TSVWithNamesAndTypes", "a\tb\nInt".getBytes(StandardCharsets.UTF_8)))
        .isNegative();
  }

  @Test
  void header_ofLines() {
    byte[] chunk = "a\tb\nInt32\tString\n1\tx\n".getBytes(StandardCharsets.UTF_8);
    assertThat(ResultFormat.headerLength("TabSeparatedWithNames", chunk)).isEqualTo(4);
    assertThat(ResultFormat.headerLength("TabSeparatedWithNamesAndTypes", chunk)).isEqualTo(17);
    assertThat(ResultFormat.headerLength("TabSeparated", chunk)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(1), (2) | (1), (2)",
        "(1);  | (1)",
        "(1) ; -- end | (1)",
        "(';'), ('it\\'s;') ; /* ; */ ; | (';'), ('it\\'s;')",
        "(f(';', [1;2])) | (f(';', [1;2]))"
      })
  void values_endAtTheSemicolon(String text, String expected) throws IOException {
    assertThat(new String(values(text).readAllBytes(), StandardCharsets.UTF_8).strip())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(1); DROP TABLE t", "(';');x", "(1); /* c */ SELECT 1"})
  void values_thenAStatement_isRefused(String text) {
    assertThatThrownBy(() -> values(text).readAllBytes())
        .isInstanceOf(ValuesInput.SecondStatement.class);
  }

  private static ValuesInput values(String text) {
    return new ValuesInput(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void error_codeAndVersionOfTheEngine() {
    EngineException e =
        EngineException.ofEngine(
            "Code: 27. DB::Exception: Cannot parse. (CANNOT_PARSE_INPUT) (version 26.7.2.1)");
    assertThat(e.code()).isEqualTo(27);
    assertThat(e.text()).endsWith("(CANNOT_PARSE_INPUT)");
    assertThat(ErrorStatus.of(e.code())).isEqualTo(400);
    assertThat(EngineException.ofEngine("Invalid connection").code()).isEqualTo(1002);
  }
}
