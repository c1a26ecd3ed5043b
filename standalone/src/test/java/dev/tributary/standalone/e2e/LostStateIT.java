package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.standalone.demo.Demo;
import dev.tributary.standalone.e2e.ChainCluster.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Local state is a copy of what Kafka has: without it, or with a damaged one, sums are the same.
 */
final class LostStateIT {
  private static final List<Part> STATEFUL = List.of(Part.ATTRIBUTION, Part.COST);
  private static final long TRACES = 900;

  @TempDir Path folder;

  @Test
  void sums_stateDeleted_areTheSame() throws Exception {
    Generator generator = new Generator(Seeds.one());
    AtomicInteger deleted = new AtomicInteger();
    try (ChainCluster cluster = start()) {
      ChainRun run = new ChainRun(cluster, generator, TRACES);

      run.sendWithRestarts(STATEFUL, false, state -> deleted.addAndGet(delete(state)));
      run.settle();

      assertThat(deleted.get()).as("files").isPositive();
      assertThat(run.differences()).as("seed %d", generator.seed()).isEmpty();
    }
  }

  @Test
  void sums_stateDamaged_areTheSame() throws Exception {
    Generator generator = new Generator(Seeds.one());
    AtomicInteger damaged = new AtomicInteger();
    try (ChainCluster cluster = start()) {
      ChainRun run = new ChainRun(cluster, generator, TRACES);

      run.sendWithRestarts(STATEFUL, true, state -> damaged.addAndGet(damage(state)));
      run.settle();

      assertThat(damaged.get()).as("files").isPositive();
      assertThat(run.differences()).as("seed %d", generator.seed()).isEmpty();
    }
  }

  private ChainCluster start() throws IOException {
    return ChainCluster.start(
        folder.resolve("chain"), Map.of(), List.of(Demo.ownershipFile(folder)));
  }

  private static int delete(Path state) {
    try (Stream<Path> files = Files.walk(state)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.delete(file);
      }
      return all.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a disk does that lost a block: zeros in the middle of each table of RocksDB. */
  private static int damage(Path state) {
    try (Stream<Path> files = Files.walk(state)) {
      List<Path> tables = files.filter(file -> file.toString().endsWith(".sst")).toList();
      for (Path table : tables) {
        try (FileChannel channel = FileChannel.open(table, StandardOpenOption.WRITE)) {
          channel.write(ByteBuffer.allocate((int) channel.size() / 2), channel.size() / 4);
        }
      }
      System.out.println(tables.size() + " tables damaged below " + state.getFileName());
      return tables.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
