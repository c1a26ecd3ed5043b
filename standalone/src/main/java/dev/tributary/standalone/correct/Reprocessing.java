package dev.tributary.standalone.correct;

import dev.tributary.attribution.AttributionMain;
import dev.tributary.attribution.AttributionReplay;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.run.RunningApp;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.runtime.run.StreamsRunner;
import dev.tributary.runtime.run.TopicAdmin;
import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.platform.PlatformException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Runs attribution again over recorded spans, under an application id of its own, into topics of
 * its own, up to where the spans end now. With a long memory, so that it books what the live run
 * could no longer join. Goes on where it was killed when it is given the same id.
 */
final class Reprocessing {
  /** Quiet times, short: nothing else comes for a trace, and what comes late revises it. */
  private static final Duration CLOCK_IDLE = Duration.ofSeconds(1);

  private static final Duration IDLE_CLOSE = Duration.ofSeconds(4);
  private static final Duration QUIET = CLOCK_IDLE.plus(IDLE_CLOSE).plus(CLOCK_IDLE);

  private static final Map<String, String> ATTRIBUTION =
      Map.of(
          "tributary.attribution.settle", "1s",
          "tributary.attribution.book-after", "2s",
          "tributary.attribution.idle-close", IDLE_CLOSE.toSeconds() + "s",
          "tributary.attribution.clock-idle", CLOCK_IDLE.toSeconds() + "s",
          "tributary.attribution.revisable", "48h",
          "tributary.attribution.stub", "48h",
          "tributary.attribution.speed", "1");

  private final CorrectionClients clients;
  private final RunOrder order;
  private final Shadow shadow;
  private final Settings settings;
  private final String group;
  private final Consumer<String> progress;

  private Reprocessing(
      CorrectionClients clients,
      RunOrder order,
      String id,
      Path folder,
      Consumer<String> progress) {
    this.clients = clients;
    this.order = order;
    this.shadow = new Shadow(clients.names(), id);
    this.progress = progress;
    Map<String, String> own = new HashMap<>(ATTRIBUTION);
    own.put(
        CommonSettings.APPLICATION_ID_PREFIX.key(),
        Shadow.applicationPrefix(clients.settings().get(CommonSettings.APPLICATION_ID_PREFIX), id));
    own.put(CommonSettings.STATE_DIR.key(), folder.toString());
    own.put(
        CommonSettings.PARTITIONS.key(),
        Integer.toString(clients.partitions(clients.name(Topics.SPANS)).size()));
    this.settings = clients.settings().with(own);
    this.group = StreamsProperties.applicationId(AttributionMain.APP.name(), settings);
  }

  /**
   * Runs to the end of the spans; afterwards the replay can be compared.
   *
   * @param order of kind {@code REPLAY}, with the replay's id
   * @param folder for the application's state
   * @throws PlatformException when spans of the period are gone, or it does not come to an end
   */
  static void run(
      CorrectionClients clients,
      RunOrder order,
      String id,
      Path folder,
      Duration patience,
      Consumer<String> progress) {
    new Reprocessing(clients, order, id, folder, progress).run(patience);
  }

  private void run(Duration patience) {
    Map<TopicPartition, Long> starts = starts();
    createTopics();
    refuseOtherOrder();
    mark(Map.of());
    begin(starts);
    // The ledger first: whatever stands there by now was made of spans before their ends.
    Map<Integer, Long> ledgerEnds = new HashMap<>();
    clients
        .ends(clients.name(Topics.LEDGER))
        .forEach((partition, end) -> ledgerEnds.put(partition.partition(), end));
    Map<TopicPartition, Long> ends = clients.ends(clients.name(Topics.SPANS));
    progress.accept("replay " + shadow.id() + " runs: " + order.describe());
    try (RunningApp app =
        StreamsRunner.start(
            AttributionReplay.app(
                shadow.prefix(), order.selection().tenant(), order.referenceVersion()),
            settings,
            RunOptions.of(new SimpleMeterRegistry()))) {
      await(app, ends, patience);
    }
    mark(ledgerEnds);
  }

  /**
   * What a replay has read and under which version is decided when it begins. Compared over another
   * period, every line of which it has read no span would look like one to be removed.
   */
  private void refuseOtherOrder() {
    for (ReplayMark mark : marks(clients, shadow)) {
      if (!mark.order().equals(order)) {
        throw new PlatformException(
            "replay %s is there already, of tenant %s: %s; give another --id, or delete it with ./tributary reprocess --drop %s"
                .formatted(
                    shadow.id(),
                    mark.order().selection().tenant(),
                    mark.order().describe(),
                    shadow.id()));
      }
    }
  }

  /** The first span to read of each partition. */
  private Map<TopicPartition, Long> starts() {
    String spans = clients.name(Topics.SPANS);
    long fromMs = Math.max(0, order.selection().fromMs() - Shadow.LEAD.toMillis());
    Map<TopicPartition, OffsetSpec> byTime = new HashMap<>();
    Map<TopicPartition, OffsetSpec> first = new HashMap<>();
    for (TopicPartition partition : clients.partitions(spans)) {
      byTime.put(partition, OffsetSpec.forTimestamp(fromMs));
      first.put(partition, OffsetSpec.earliest());
    }
    Map<TopicPartition, Long> starts = clients.offsets(byTime);
    Map<TopicPartition, Long> kept = clients.offsets(first);
    Map<TopicPartition, Long> ends = clients.ends(spans);
    starts.replaceAll(
        (partition, offset) -> offset < 0 ? ends.getOrDefault(partition, 0L) : offset);
    kept.forEach(
        (partition, offset) -> {
          if (offset > 0 && starts.getOrDefault(partition, 0L) <= offset) {
            throw new PlatformException(
                "%s holds no spans from before the period any more (a replay reads from %s before it): they begin at offset %d"
                    .formatted(partition, Shadow.LEAD, offset));
          }
        });
    return starts;
  }

  private void createTopics() {
    TopicAdmin admin =
        new TopicAdmin(
            clients.admin(),
            new TopicNames(shadow.prefix()),
            settings.get(CommonSettings.REPLICATION_FACTOR),
            settings.get(CommonSettings.PARTITIONS));
    // The clients' own administrator goes on after this, so it is not closed here.
    admin.create(Shadow.TOPICS, Map.of("retention.ms", "-1", "cleanup.policy", "delete"));
    admin.check(
        List.of(Topics.CORRECTIONS, Topics.LEDGER), List.of(Topics.CORRECTIONS, Topics.LEDGER));
  }

  /** A replay that has begun goes on from what it has committed. */
  private void begin(Map<TopicPartition, Long> starts) {
    Admin admin = clients.admin();
    try {
      if (!admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().isEmpty()) {
        progress.accept("replay " + shadow.id() + " goes on where it stopped");
        return;
      }
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      starts.forEach((partition, at) -> offsets.put(partition, new OffsetAndMetadata(at)));
      admin.alterConsumerGroupOffsets(group, offsets).all().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while the replay began", e);
    } catch (ExecutionException e) {
      throw new PlatformException("the replay cannot begin: " + e.getCause(), e);
    }
  }

  /**
   * Waits until all spans are read and, once its clock has run on without any, every trace has
   * closed: nothing is written for as long as that takes.
   */
  private void await(RunningApp app, Map<TopicPartition, Long> ends, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    long quietSince = System.nanoTime();
    Map<TopicPartition, Long> written = Map.of();
    while (System.nanoTime() - quietSince < QUIET.toNanos()) {
      if (app.failure() != null) {
        throw new PlatformException("the replay failed: " + app.failure());
      }
      if (System.nanoTime() > deadline) {
        throw new PlatformException(
            "the replay has not come to its end after %d s; go on with --id %s"
                .formatted(patience.toSeconds(), shadow.id()));
      }
      pause();
      Map<TopicPartition, Long> now = clients.ends(shadow.name(Topics.LEDGER));
      if (!now.equals(written) || !clients.missing(group, ends).isEmpty()) {
        written = now;
        quietSince = System.nanoTime();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while the replay ran", e);
    }
  }

  /**
   * Its order, on its own commands' topic; with where the ledger ended, who finds it knows that the
   * replay is complete. As the end of a run that was never opened, so that it commands nothing.
   */
  private void mark(Map<Integer, Long> ledgerEnds) {
    Correction mark =
        Correction.newBuilder()
            .setTenant(order.selection().tenant())
            .setRunId(shadow.id())
            .setCommand(CorrectionCommand.CLOSE_RUN)
            .setReason(new ReplayMark(order, ledgerEnds).print())
            .setIssuedAtUs(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()))
            .build();
    try (KafkaProducer<String, Correction> producer =
        new KafkaProducer<>(
            ClientProperties.producer(settings),
            new StringSerializer(),
            clients.serdes().value(Topics.CORRECTIONS).serializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  shadow.name(Topics.CORRECTIONS), 0, order.selection().tenant() + "|", mark))
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while the replay was marked", e);
    } catch (ExecutionException e) {
      throw new PlatformException("the replay's mark was not written: " + e.getCause(), e);
    }
  }

  /**
   * The order of a complete replay, and where the ledger ended when it last looked.
   *
   * @throws PlatformException when there is none of that id, or it is not complete
   */
  static ReplayMark find(CorrectionClients clients, String tenant, String id) {
    ReplayMark found = null;
    for (ReplayMark mark : marks(clients, new Shadow(clients.names(), id))) {
      if (mark.isComplete() && mark.order().selection().tenant().equals(tenant)) {
        found = mark;
      }
    }
    if (found == null) {
      throw new PlatformException(
          "replay " + id + " is not complete; go on with ./tributary reprocess --id " + id);
    }
    return found;
  }

  private static List<ReplayMark> marks(CorrectionClients clients, Shadow shadow) {
    List<ReplayMark> marks = new ArrayList<>();
    try (TopicReader<Correction> reader =
        clients.reader(shadow.name(Topics.CORRECTIONS), Topics.CORRECTIONS)) {
      reader.readNew(
          record -> {
            Correction at = record.value();
            ReplayMark mark = ReplayMark.parse(at.getTenant(), at.getReason());
            if (mark != null) {
              marks.add(mark);
            }
          });
    }
    return marks;
  }

  /** Deletes a replay's topics, those of its application included, and its group. */
  static void drop(CorrectionClients clients, String id) {
    String own = new Shadow(clients.names(), id).prefix();
    String application =
        Shadow.applicationPrefix(clients.settings().get(CommonSettings.APPLICATION_ID_PREFIX), id)
            + "-";
    Admin admin = clients.admin();
    try {
      List<String> topics =
          admin.listTopics().names().get().stream()
              .filter(topic -> topic.startsWith(own) || topic.startsWith(application))
              .toList();
      if (topics.isEmpty()) {
        throw new PlatformException("there is no replay " + id);
      }
      // The group first: one that is at work keeps everything.
      Duration session = clients.settings().get(CommonSettings.SESSION_TIMEOUT);
      deleteGroup(admin, application + AttributionMain.APP.name(), session.multipliedBy(3));
      admin.deleteTopics(topics).all().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while replay " + id + " was deleted", e);
    } catch (ExecutionException e) {
      throw new PlatformException("replay " + id + " was not deleted: " + e.getCause(), e);
    }
  }

  /** A replay that has just ended is a member until the broker misses it. */
  private static void deleteGroup(Admin admin, String group, Duration patience)
      throws ExecutionException, InterruptedException {
    if (admin.listGroups().all().get().stream().noneMatch(it -> it.groupId().equals(group))) {
      return;
    }
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        admin.deleteConsumerGroups(List.of(group)).all().get();
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof GroupNotEmptyException)) {
          throw e;
        }
        if (System.nanoTime() - deadline > 0) {
          throw new PlatformException("the replay is still at work: group " + group, e);
        }
        pause();
      }
    }
  }
}
