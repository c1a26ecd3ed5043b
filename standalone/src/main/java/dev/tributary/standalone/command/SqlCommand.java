package dev.tributary.standalone.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary sql}: a statement against the running instance's ClickHouse. */
@Command(
    name = "sql",
    description = "Run a SQL statement on the running instance.",
    mixinStandardHelpOptions = true)
public final class SqlCommand implements Callable<Integer> {
  private static final int CHUNK_BYTES = 1 << 16;

  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(
      names = "--format",
      paramLabel = "F",
      defaultValue = "PrettyCompactMonoBlock",
      description = "ClickHouse output format (default: ${DEFAULT-VALUE}), such as CSVWithNames.")
  private String format = "PrettyCompactMonoBlock";

  @Parameters(paramLabel = "SQL", description = "The statement.")
  private String sql = "";

  @Override
  public Integer call() throws Exception {
    try (InputStream result = cluster.sql().open(sql, format)) {
      byte[] chunk = new byte[CHUNK_BYTES];
      int read = next(result, chunk);
      // The tool says so where output is not written whole; the rest is not waited for.
      while (read >= 0 && !System.out.checkError()) {
        // Bytes, since not every format is text.
        System.out.write(chunk, 0, read);
        read = next(result, chunk);
      }
    }
    return 0;
  }

  private static int next(InputStream result, byte[] chunk) throws IOException {
    try {
      return result.read(chunk);
    } catch (IOException e) {
      throw new IOException("ClickHouse broke off its answer: what is written is not whole", e);
    }
  }
}
