package dev.tributary.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** 00 and 00s: a raw transactional copy of a round's bytes, without Streams. */
final class CopyScenario implements Scenario {
  /** The requests as they were sent. */
  static final String REQUESTS = "00";

  /** The same spans, a record for each: what every topic behind the first one looks like. */
  static final String SINGLE = "00s";

  private final Lab lab;
  private final String number;
  private final ChildJvm copier;

  CopyScenario(Lab lab, String number) {
    this.lab = lab;
    this.number = number;
    this.copier =
        ChildJvm.start(
            "copy-" + number,
            CopyMain.class.getName(),
            lab.folder(),
            List.of("-Xms256m", "-Xmx512m"),
            List.of(lab.bootstrap(), Integer.toString(Lab.MAX_RECORD_BYTES), number));
    copier.awaitReady();
  }

  @Override
  public Measurement run(Workload work, int round) throws Exception {
    List<byte[]> records = number.equals(SINGLE) ? work.single() : work.bodies();
    String from = "bench.copy-%s.%d.in".formatted(number, round);
    String to = "bench.copy-%s.%d.out".formatted(number, round);
    lab.createTopic(from);
    lab.createTopic(to);
    lab.produce(from, records);

    CpuMeter ours = new CpuMeter(Map.of("copy", copier::use));
    CpuMeter beside = new CpuMeter(Map.of("broker", lab::brokerUse));
    String nanos = copier.ask("copy %s %s %d".formatted(from, to, records.size()), CopyMain.DONE);
    Map<String, Duration> used = ours.read();
    Map<String, Duration> usedBeside = beside.read();
    lab.deleteTopics(List.of(from, to));
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("records", Long.toString(records.size()));
    return new Measurement(
        number,
        round,
        work.spans(),
        records.stream().mapToLong(record -> record.length).sum(),
        Duration.ofNanos(Long.parseLong(nanos)),
        used,
        usedBeside,
        notes);
  }

  @Override
  public void close() {
    copier.close();
  }
}
