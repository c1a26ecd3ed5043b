package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.testing.ChildProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Loaders of one topic, in processes of their own to be disturbed, and in this one to end with. */
final class LoaderRuns {
  static final Duration TIMEOUT = Duration.ofMinutes(4);

  private final SinkFixture fixture;
  private final LedgerFeed feed;

  LoaderRuns(SinkFixture fixture, LedgerFeed feed) {
    this.fixture = fixture;
    this.feed = feed;
  }

  /** A database and a group of their own: the same topic is loaded from its beginning. */
  void use(String name) {
    fixture
        .with(SinkConfig.DATABASE.key(), name)
        .with(SinkConfig.GROUP.key(), name)
        .with(SinkConfig.BLOCK_ROWS.key(), "300");
  }

  /** A loader that stands still at a step, which it passes so many times before. */
  ChildProcess child(String step, int times, boolean keepsIntents) {
    // A step late in the protocol is only reached while there is something to load.
    feed.write(1_000);
    List<String> arguments = new ArrayList<>();
    arguments.add(step);
    arguments.add(Integer.toString(times));
    arguments.add(Boolean.toString(keepsIntents));
    fixture.settingTexts().forEach((key, text) -> arguments.add(key + "=" + text));
    return ChildProcess.start(LoaderChildMain.class, arguments.toArray(String[]::new));
  }

  /** Loads the rest, until the group has committed everything. */
  void drain(String database) {
    try (ClickHouseSink sink = fixture.startSink()) {
      await("everything loaded")
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> {
                assertThat(sink.status().state()).isEqualTo(SinkStatus.State.RUNNING);
                assertThat(count(database)).isGreaterThanOrEqualTo(feed.committedEntries());
                assertThat(sink.status().lagByTopic()).containsEntry("llm.ledger.v1", 0L);
              });
    }
  }

  long count(String database) {
    return Long.parseLong(fixture.ask("select count() from " + database + ".ledger"));
  }
}
