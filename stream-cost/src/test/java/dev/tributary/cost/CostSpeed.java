package dev.tributary.cost;

import dev.tributary.cost.core.CombinedPart;
import dev.tributary.cost.core.EntryCells;
import dev.tributary.cost.core.GroupingSet;
import dev.tributary.cost.core.LowScores;
import dev.tributary.cost.core.MergeInput;
import dev.tributary.cost.core.PartContribution;
import dev.tributary.cost.core.PartKey;
import dev.tributary.cost.core.PartialWindow;
import dev.tributary.cost.core.SpendScope;
import dev.tributary.cost.core.WindowCodec;
import dev.tributary.cost.core.WindowKey;
import dev.tributary.cost.core.WindowState;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Topics;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serde;

/**
 * CPU per ledger entry of this module's own work, without Kafka: decode, combine, drain, merge. A
 * main class, not a test: it asserts nothing. Arguments: entries per drain; {@code windows}:
 * without cells and spend.
 */
final class CostSpeed {
  private static final int ENTRIES = 20_000;
  private static final int ROUNDS = 12;
  private static final List<SpendScope> SCOPES =
      Stream.of("team", "feature", "workspace", "model", "environment", "project", "cost_center")
          .map(SpendScope::parse)
          .toList();

  private CostSpeed() {}

  public static void main(String[] args) {
    int perDrain = args.length == 0 ? 1_000 : Integer.parseInt(args[0]);
    boolean isAll = args.length < 2 || args[1].equals("all");
    Serde<LedgerEntry> serde = TopicSerdes.inMemory().value(Topics.LEDGER);
    List<byte[]> bytes = new ArrayList<>();
    for (LedgerEntry entry : LedgerEntries.company(new Random(1), ENTRIES)) {
      bytes.add(serde.serializer().serialize(Topics.LEDGER.name(), entry));
    }
    System.out.printf(
        "%d bytes per entry%n", bytes.stream().mapToInt(b -> b.length).sum() / ENTRIES);
    for (int round = 0; round < ROUNDS; round++) {
      round(serde, bytes, perDrain, isAll);
    }
  }

  private static void round(
      Serde<LedgerEntry> serde, List<byte[]> bytes, int perDrain, boolean isAll) {
    EntryCells cells =
        isAll
            ? new EntryCells(GroupingSet.DEFAULTS, LowScores.DEFAULT, true, SCOPES)
            : new EntryCells(GroupingSet.DEFAULTS);
    WindowCodec codec = new WindowCodec();
    Map<PartKey, CombinedPart> parts = new HashMap<>();
    Map<byte[], byte[]> store = new TreeMap<>(Arrays::compareUnsigned);
    long[] ns = new long[4];
    long partials = 0;
    long partialBytes = 0;
    for (int from = 0; from < bytes.size(); from += perDrain) {
      List<byte[]> batch = bytes.subList(from, Math.min(bytes.size(), from + perDrain));
      long start = cpu();
      List<LedgerEntry> entries = new ArrayList<>(batch.size());
      for (byte[] one : batch) {
        entries.add(serde.deserializer().deserialize(Topics.LEDGER.name(), one));
      }
      ns[0] += -start + (start = cpu());
      for (LedgerEntry entry : entries) {
        cells.read(entry);
        for (int set = 0; set < cells.sets(); set++) {
          if (cells.enters(set)) {
            add(parts, cells.key(set), cells.contribution(set));
          }
        }
        for (int scope = 0; scope < cells.spends(); scope++) {
          add(parts, cells.spendKey(scope), cells.spend());
        }
      }
      ns[1] += -start + (start = cpu());
      List<Map.Entry<String, byte[]>> drained = new ArrayList<>(parts.size());
      for (Map.Entry<PartKey, CombinedPart> part : parts.entrySet()) {
        byte[] encoded = codec.encode(part.getValue().toPartial(part.getKey().startUs()));
        drained.add(Map.entry(part.getKey().recordKey(), encoded));
        partialBytes += encoded.length;
      }
      parts.clear();
      ns[2] += -start + (start = cpu());
      for (Map.Entry<String, byte[]> record : drained) {
        merge(codec, store, record);
      }
      ns[3] += cpu() - start;
      partials += drained.size();
    }
    double n = bytes.size() * 1_000.0;
    System.out.printf(
        "us per entry: decode %.2f combine %.2f drain %.2f merge %.2f; partials per entry %.2f,"
            + " bytes per partial %d, windows %d%n",
        ns[0] / n,
        ns[1] / n,
        ns[2] / n,
        ns[3] / n,
        partials / (double) bytes.size(),
        partialBytes / partials,
        store.size());
  }

  private static void add(
      Map<PartKey, CombinedPart> parts, PartKey key, PartContribution contribution) {
    contribution.addTo(parts.computeIfAbsent(key, made -> new CombinedPart()));
  }

  private static void merge(
      WindowCodec codec, Map<byte[], byte[]> store, Map.Entry<String, byte[]> record) {
    MergeInput.Partial partial = (MergeInput.Partial) codec.decodeInput(record.getValue());
    byte[] key = new WindowKey(partial.startUs(), record.getKey()).toBytes();
    byte[] before = store.get(key);
    PartialWindow sums = partial.sums();
    if (before != null) {
      sums.merge(codec.decodeState(before).sums());
    }
    store.put(key, codec.encode(new WindowState(0, sums)));
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
