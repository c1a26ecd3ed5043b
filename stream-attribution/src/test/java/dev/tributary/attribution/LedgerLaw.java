package dev.tributary.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows a stream of entries and holds it to the law: per line the signs sum to 0 or 1, a
 * retraction repeats the booked line byte for byte with its revision, revisions rise, and nothing
 * is sent where the line stays equal.
 */
public final class LedgerLaw {
  private final SchemaCodec codec = new SchemaCodec();
  private final Map<String, Booked> booked = new LinkedHashMap<>();
  private final Map<String, byte[]> justRetracted = new LinkedHashMap<>();
  private final Map<String, Long> lastRevision = new LinkedHashMap<>();
  private long entries;

  private record Booked(long revision, byte[] bytes, LedgerLine line) {}

  /** Takes the next entry, as it stands on the topic. */
  public void accept(LedgerEntry entry, byte[] record) {
    // The line is the entry's last field; maps may come in any order, but have one length.
    int length = codec.encode(entry.getLine()).length;
    acceptLine(entry, Arrays.copyOfRange(record, record.length - length, record.length));
  }

  /** Takes the next entry with the bytes of its line. */
  public void acceptLine(LedgerEntry entry, byte[] bytes) {
    entries++;
    LedgerLine line = entry.getLine();
    String id =
        line.getTenant() + "|" + line.getKind() + "|" + line.getSource() + "|" + line.getItem();
    Booked now = booked.get(id);
    if (entry.getSign() == -1) {
      assertThat(now).as("retraction of a line that is not booked: %s", id).isNotNull();
      assertThat(entry.getRevision()).as("revision retracted of %s", id).isEqualTo(now.revision());
      assertThat(Arrays.equals(bytes, now.bytes()))
          .as("retraction differs from the booked line %s:%n%s%n%s", id, line, now.line())
          .isTrue();
      booked.remove(id);
      justRetracted.put(id, bytes);
    } else {
      assertThat(entry.getSign()).as("sign of %s", id).isEqualTo(1);
      assertThat(now).as("second +1 of %s", id).isNull();
      assertThat(entry.getRevision())
          .as("revision of %s", id)
          .isGreaterThan(lastRevision.getOrDefault(id, 0L));
      byte[] before = justRetracted.remove(id);
      assertThat(before != null && Arrays.equals(before, bytes))
          .as("the line stays equal and was sent again: %s", id)
          .isFalse();
      lastRevision.put(id, entry.getRevision());
      booked.put(id, new Booked(entry.getRevision(), bytes, line));
    }
  }

  /** Entries so far. */
  public long entries() {
    return entries;
  }

  /** The net lines by trace and item. */
  public Map<String, LedgerLine> net() {
    Map<String, LedgerLine> net = new TreeMap<>();
    booked
        .values()
        .forEach(b -> net.put(b.line().getSource() + "|" + b.line().getItem(), b.line()));
    return net;
  }

  /** The bytes of the net lines by trace and item. */
  public Map<String, byte[]> netBytes() {
    Map<String, byte[]> net = new TreeMap<>();
    booked
        .values()
        .forEach(b -> net.put(b.line().getSource() + "|" + b.line().getItem(), b.bytes()));
    return net;
  }

  public @Nullable LedgerLine line(String item) {
    return booked.values().stream()
        .map(Booked::line)
        .filter(line -> line.getItem().equals(item))
        .findFirst()
        .orElse(null);
  }

  /** Known cost by a dimension of the line; the key "null" is the unattributed rest. */
  public Map<String, BigDecimal> costBy(Function<LedgerLine, @Nullable String> dimension) {
    Map<String, BigDecimal> sums = new TreeMap<>();
    booked
        .values()
        .forEach(
            b -> {
              if (b.line().getCost() != null) {
                sums.merge(
                    String.valueOf(dimension.apply(b.line())), b.line().getCost(), BigDecimal::add);
              }
            });
    return sums;
  }

  /** The sum of all known costs. */
  public BigDecimal cost() {
    return costBy(line -> "all").getOrDefault("all", BigDecimal.ZERO);
  }
}
