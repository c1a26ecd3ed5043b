package dev.tributary.standalone.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.tributary.runtime.testing.LocalServer;
import dev.tributary.sink.clickhouse.SinkConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a statement answers reaches standard output as it came, while it comes. */
class SqlCommandTest {
  private final PrintStream realOut = System.out;
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @AfterEach
  void restore() {
    System.setOut(realOut);
  }

  /** Parquet and RowBinary are no text. */
  @Test
  void bytesThatAreNoText_stayAsTheyAre() throws Exception {
    byte[] binary = {(byte) 200, 2, (byte) 0xc3, (byte) 0xa9, 0, '\r', '\n'};

    int code = sql(exchange -> LocalServer.answer(exchange, 200, binary), out);

    assertThat(code).isZero();
    assertThat(out.toByteArray()).isEqualTo(binary);
  }

  /** A table that does not fit into the heap can be written all the same. */
  @Test
  void firstRows_areThereBeforeTheLast() throws Exception {
    OutputStream watched =
        new OutputStream() {
          @Override
          public void write(int b) {
            out.write(b);
            arrived.countDown();
          }
        };

    int code =
        sql(
            exchange -> {
              begin(exchange, "first\n");
              boolean isThere = await(arrived);
              exchange.getResponseBody().write((isThere ? "last\n" : "late\n").getBytes(UTF_8));
              exchange.close();
            },
            watched);

    assertThat(code).isZero();
    assertThat(out).hasToString("first\nlast\n");
  }

  @Test
  void answerThatBreaksOff_fails() {
    assertThatThrownBy(
            () ->
                sql(
                    exchange -> {
                      exchange.sendResponseHeaders(200, 100);
                      exchange.getResponseBody().write("half".getBytes(UTF_8));
                      exchange.getResponseBody().flush();
                      throw new IOException("the engine broke off");
                    },
                    out))
        .isInstanceOf(IOException.class);
  }

  @Test
  void refusal_failsWithTheServersWords() {
    assertThatThrownBy(
            () ->
                sql(
                    exchange -> LocalServer.answer(exchange, 400, "Code: 62. é".getBytes(UTF_8)),
                    out))
        .isInstanceOf(IOException.class)
        .hasMessage("ClickHouse: Code: 62. é");
    assertThat(out.size()).isZero();
  }

  /** {@code | head} has enough; the rest of a long answer is not waited for. */
  @Test
  @Timeout(60)
  void readerThatLeft_endsTheStatement() throws Exception {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };

    sql(
        exchange -> {
          begin(exchange, "");
          byte[] rows = "row\n".repeat(10_000).getBytes(UTF_8);
          while (true) {
            exchange.getResponseBody().write(rows);
          }
        },
        closed);

    assertThat(System.out.checkError()).isTrue();
  }

  private static void begin(HttpExchange exchange, String text) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(text.getBytes(UTF_8));
    exchange.getResponseBody().flush();
  }

  private static boolean await(CountDownLatch latch) throws IOException {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private int sql(HttpHandler answer, OutputStream to) throws Exception {
    Exception[] failure = new Exception[1];
    try (LocalServer server = LocalServer.start("/", answer)) {
      Path config =
          Files.writeString(
              folder.resolve("cluster.properties"), SinkConfig.URL.key() + "=" + server.base());
      System.setOut(new PrintStream(to, true, UTF_8));
      int code =
          new CommandLine(new SqlCommand())
              .setExecutionExceptionHandler(
                  (problem, command, parsed) -> {
                    failure[0] = problem;
                    return 1;
                  })
              .execute("select", "--config", config.toString(), "--data", folder.toString());
      if (failure[0] != null) {
        throw failure[0];
      }
      return code;
    }
  }
}
