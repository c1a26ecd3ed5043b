package dev.tributary.cost;

import static dev.tributary.cost.LedgerEntries.BASE_US;

import dev.tributary.cost.core.GroupingSet;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.Topics;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends the same random entries again and again until it is closed, and then a line far later on
 * every partition, which closes all minutes before it.
 */
final class LedgerFeed implements AutoCloseable {
  /** Event time of the last lines. */
  static final long LAST_US = BASE_US + TimeUnit.HOURS.toMicros(3);

  private static final int LINES = 400;
  private static final int BATCH = 20;
  private static final int ENTRIES_PER_SCORE = 10;
  private static final long PAUSE_MS = 20;

  private final KafkaProducer<String, LedgerEntry> producer;
  private final int partitions;
  private final List<LedgerEntry> entries;
  private final KafkaProducer<String, Score> scoreProducer;
  private final List<Score> scores;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private long sent;

  private LedgerFeed(KafkaTestCluster cluster, int partitions, long seed) {
    this.producer = cluster.producer(Topics.LEDGER);
    this.partitions = partitions;
    this.entries = LedgerEntries.random(new Random(seed), LINES, 8);
    this.scoreProducer = cluster.producer(Topics.SCORES);
    this.scores = LedgerEntries.randomScores(new Random(seed + 1), LINES, 8);
    this.thread = new Thread(this::feed, "ledger");
    this.thread.setDaemon(true);
  }

  static LedgerFeed start(KafkaTestCluster cluster, int partitions, long seed) {
    LedgerFeed feed = new LedgerFeed(cluster, partitions, seed);
    feed.thread.start();
    return feed;
  }

  private void feed() {
    try {
      while (!stop.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
        for (int i = 0; i < BATCH; i++) {
          send((int) (sent % partitions), entries.get((int) (sent % entries.size())));
          if (sent % ENTRIES_PER_SCORE == 0) {
            sendScore((int) (sent % partitions), scores.get((int) (sent % scores.size())));
          }
          sent++;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(int partition, LedgerEntry entry) {
    producer.send(
        new ProducerRecord<>(
            Topics.LEDGER.name(),
            partition,
            entry.getLine().getEventTimeUs() / 1_000,
            "default|trace",
            entry));
  }

  private void sendScore(int partition, Score score) {
    scoreProducer.send(
        new ProducerRecord<>(
            Topics.SCORES.name(),
            partition,
            score.getScoredAtUs() / 1_000,
            "default|trace",
            score));
  }

  /** Totals of the scores that were sent; after {@link #close}. */
  Map<String, BigDecimal> scoreTotals() {
    List<Score> all = new ArrayList<>();
    for (long i = 0; i < sent; i += ENTRIES_PER_SCORE) {
      all.add(scores.get((int) (i % scores.size())));
    }
    return MeasureTotals.ofScores(all);
  }

  /** What the default tenant spent on feature chat; after {@link #close}. */
  BigDecimal spendOfChat() {
    BigDecimal spend = BigDecimal.ZERO;
    for (long i = 0; i < sent; i++) {
      LedgerEntry entry = entries.get((int) (i % entries.size()));
      LedgerLine line = entry.getLine();
      if (line.getCost() != null
          && line.getTenant().equals("default")
          && "chat".equals(line.getAttribution().getFeature().getValue())) {
        spend = spend.add(line.getCost().multiply(BigDecimal.valueOf(entry.getSign())));
      }
    }
    return spend;
  }

  /** Totals of what was sent, by grouping set and measure; after {@link #close}. */
  Map<String, Map<String, BigDecimal>> totals() {
    BigDecimal rounds = BigDecimal.valueOf(sent / entries.size());
    List<LedgerEntry> rest = entries.subList(0, (int) (sent % entries.size()));
    Map<String, Map<String, BigDecimal>> totals = new HashMap<>();
    List<String> sets = new ArrayList<>(List.of("cell"));
    GroupingSet.DEFAULTS.forEach(set -> sets.add(set.name()));
    for (String set : sets) {
      Map<String, BigDecimal> sums = new TreeMap<>(MeasureTotals.ofEntries(rest, set));
      MeasureTotals.ofEntries(entries, set)
          .forEach(
              (measure, value) -> sums.merge(measure, value.multiply(rounds), BigDecimal::add));
      sums.values().removeIf(value -> value.signum() == 0);
      sums.replaceAll((measure, value) -> value.stripTrailingZeros());
      totals.put(set, sums);
    }
    return totals;
  }

  /** Stops, and sends the lines that close everything; all is acknowledged then. */
  @Override
  public void close() throws InterruptedException {
    stop.countDown();
    thread.join(TimeUnit.SECONDS.toMillis(30));
    if (thread.isAlive()) {
      throw new IllegalStateException("the feed does not stop");
    }
    for (int partition = 0; partition < partitions; partition++) {
      send(partition, LedgerEntries.booked(LedgerEntries.line("ff", LAST_US, SpanKind.STEP)));
    }
    producer.close();
    scoreProducer.close();
  }
}
