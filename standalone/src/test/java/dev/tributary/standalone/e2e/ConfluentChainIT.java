package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.serde.ConfluentClasses;
import dev.tributary.runtime.serde.SerdeOptions;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.standalone.demo.Demo;
import dev.tributary.standalone.demo.SimulatedTraffic;
import dev.tributary.standalone.replay.OtlpSender;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chain with Confluent's own Avro classes named in its configuration, against the embedded
 * registry: every Avro record value of the stream applications and of the reference publisher goes
 * through them (keys are texts; the loader reads the wire format itself, as always).
 */
final class ConfluentChainIT {
  private static final long TRACES = 300;

  @TempDir Path folder;

  @Test
  void chain_withConfluentClasses_expectedIsFound() throws Exception {
    long seed = Seeds.one();
    Map<String, String> settings = new HashMap<>();
    settings.put(CommonSettings.SERIALIZER.key(), ConfluentClasses.SERIALIZER);
    settings.put(CommonSettings.DESERIALIZER.key(), ConfluentClasses.DESERIALIZER);
    List<Path> ownership = List.of(Demo.ownershipFile(folder));

    try (PlatformFixture platform =
        ConfluentClasses.with(() -> PlatformFixture.start(folder, settings, ownership))) {
      SimulatedTraffic traffic =
          new SimulatedTraffic(
              seed, TRACES, Instant.now().minus(Duration.ofMinutes(15)), Duration.ofMinutes(10));
      try (OtlpSender sender = new OtlpSender(platform.otlp())) {
        for (byte[] body = traffic.next(); body != null; body = traffic.next()) {
          sender.send(BodyPublishers.ofByteArray(body), false);
        }
      }

      await("ClickHouse has what was sent, seed " + seed)
          .atMost(Duration.ofSeconds(120))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(
              () -> assertThat(traffic.differences(platform.platform().sql())).isEmpty());
      assertLogAgrees(platform, traffic);
    }
  }

  /** Our own thin serde reads from Kafka what Confluent's class wrote. */
  private static void assertLogAgrees(PlatformFixture platform, SimulatedTraffic traffic) {
    try (TopicSerdes ours = TopicSerdes.create(SerdeOptions.of(platform.addresses().registry()))) {
      LedgerAudit ledger = LedgerAudit.read(platform.addresses().kafka(), ours);
      Map<String, BigDecimal> books = traffic.books();
      assertThat(ledger.violations()).isEmpty();
      assertThat(new Figures(books).differences("ledger in Kafka", ledger.calls())).isEmpty();
    }
  }
}
