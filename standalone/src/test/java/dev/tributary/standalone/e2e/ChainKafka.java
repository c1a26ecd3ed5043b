package dev.tributary.standalone.e2e;

import dev.tributary.embedded.kafka.EmbeddedBroker;
import dev.tributary.runtime.testing.ReplicatedKafka;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The Kafka of a chain, and how it goes and comes back. */
interface ChainKafka extends AutoCloseable {
  /** Addresses, the same after it came back. */
  String bootstrapServers();

  /** Replicas of each topic. */
  int replicationFactor();

  /** One broker goes, with what is under way: of three, two stay. */
  void loseOne() throws InterruptedException;

  /** Those that went come back. */
  void back();

  @Override
  void close();

  /** A broker in this process. */
  static ChainKafka one(Path folder) {
    return new One(folder);
  }

  /** Three brokers, each a process; one that goes is killed. */
  static ChainKafka three(Path folder) {
    try {
      return new Three(ReplicatedKafka.start(folder));
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while brokers started", e);
    }
  }

  /** The only broker: without it there is none. */
  final class One implements ChainKafka {
    private final Path folder;
    private EmbeddedBroker broker;

    private One(Path folder) {
      this.folder = folder;
      this.broker = EmbeddedBroker.start(new EmbeddedBroker.Options(folder, 0));
    }

    @Override
    public String bootstrapServers() {
      return broker.bootstrapServers();
    }

    @Override
    public int replicationFactor() {
      return 1;
    }

    @Override
    public void loseOne() {
      broker.close();
    }

    @Override
    public void back() {
      String address = broker.bootstrapServers();
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      broker = EmbeddedBroker.start(new EmbeddedBroker.Options(folder, port));
    }

    @Override
    public void close() {
      broker.close();
    }
  }

  /** Brokers go in turn, so that each has led and followed. */
  final class Three implements ChainKafka {
    private final ReplicatedKafka kafka;
    private int next;
    private int away;

    private Three(ReplicatedKafka kafka) {
      this.kafka = kafka;
    }

    @Override
    public String bootstrapServers() {
      return kafka.bootstrapServers();
    }

    @Override
    public int replicationFactor() {
      return ReplicatedKafka.BROKERS;
    }

    @Override
    public void loseOne() throws InterruptedException {
      kafka.kill(next);
      next = (next + 1) % ReplicatedKafka.BROKERS;
      away++;
    }

    @Override
    public void back() {
      List<Integer> gone =
          IntStream.rangeClosed(1, away)
              .mapToObj(i -> Math.floorMod(next - i, ReplicatedKafka.BROKERS))
              .toList();
      away = 0;
      kafka.restart(gone);
    }

    @Override
    public void close() {
      kafka.close();
    }
  }
}
