package dev.tributary.evaldispatch.core;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Money that judges took or may still take, by cell and clock hour and day. A job's most cost is
 * reserved once, and once replaced by what it cost. Mutable, for one thread.
 */
final class SpendBook {
  static final long HOUR_US = 3_600_000_000L;
  static final long DAY_US = 24 * HOUR_US;

  /** Money reserved for a job that has not answered. */
  private record Reserved(Cell cell, long atUs, BigDecimal amount) {}

  private record Bucket(Cell cell, long lengthUs, long startUs) {}

  private final StateLog log;
  private final Map<Bucket, BigDecimal> spent = new HashMap<>();
  private final Map<String, Reserved> reserved = new HashMap<>();
  private final Map<Cell, Integer> queued = new HashMap<>();

  SpendBook(StateLog log) {
    this.log = log;
  }

  boolean isReserved(String jobId) {
    return reserved.containsKey(jobId);
  }

  int queued(Cell cell) {
    return queued.getOrDefault(cell, 0);
  }

  /** Money left under a policy's ceilings; null: there is no ceiling. */
  @Nullable BigDecimal left(EvalPolicy policy, Cell cell, long nowUs) {
    BigDecimal hour = policy.ceilingPerHour();
    if (hour == null) {
      return null;
    }
    BigDecimal leftOfHour = hour.subtract(spent(cell, HOUR_US, nowUs));
    BigDecimal day = policy.ceilingPerDay();
    return day == null ? leftOfHour : leftOfHour.min(day.subtract(spent(cell, DAY_US, nowUs)));
  }

  BigDecimal spent(Cell cell, long lengthUs, long atUs) {
    return spent.getOrDefault(bucket(cell, lengthUs, atUs), BigDecimal.ZERO);
  }

  void reserve(String jobId, Cell cell, long nowUs, BigDecimal amount) {
    putReserved(jobId, new Reserved(cell, nowUs, amount));
    log.save(
        StateText.key('r', jobId),
        StateText.join(
            cell.tenant(), cell.policy(), cell.team(), nowUs + "", amount.toPlainString()));
    add(cell, nowUs, amount);
  }

  /** A job ended; a cost that is not known leaves what was reserved. Repeated calls do nothing. */
  void settle(String jobId, @Nullable BigDecimal cost) {
    Reserved job = reserved.remove(jobId);
    if (job == null) {
      return;
    }
    queued.merge(job.cell(), -1, Integer::sum);
    log.save(StateText.key('r', jobId), null);
    if (cost != null) {
      add(job.cell(), job.atUs(), cost.subtract(job.amount()));
    }
  }

  private void add(Cell cell, long atUs, BigDecimal amount) {
    for (long length : new long[] {HOUR_US, DAY_US}) {
      Bucket bucket = bucket(cell, length, atUs);
      BigDecimal sum = spent.merge(bucket, amount, BigDecimal::add);
      log.save(key(bucket), sum.toPlainString());
    }
  }

  void forgetBefore(long beforeUs) {
    spent
        .keySet()
        .removeIf(
            bucket -> {
              boolean isOld = bucket.startUs() + bucket.lengthUs() < beforeUs;
              if (isOld) {
                log.save(key(bucket), null);
              }
              return isOld;
            });
  }

  void restoreReserved(String[] key, String[] value) {
    putReserved(
        key[1],
        new Reserved(
            new Cell(value[0], value[1], value[2]),
            Long.parseLong(value[3]),
            new BigDecimal(value[4])));
  }

  private void putReserved(String jobId, Reserved job) {
    reserved.put(jobId, job);
    queued.merge(job.cell(), 1, Integer::sum);
  }

  void restoreSpent(String[] key, String[] value) {
    spent.put(
        new Bucket(
            new Cell(key[1], key[2], key[3]), Long.parseLong(key[4]), Long.parseLong(key[5])),
        new BigDecimal(value[0]));
  }

  private static String key(Bucket bucket) {
    return StateText.key(
        's',
        bucket.cell().tenant(),
        bucket.cell().policy(),
        bucket.cell().team(),
        bucket.lengthUs() + "",
        bucket.startUs() + "");
  }

  private static Bucket bucket(Cell cell, long lengthUs, long atUs) {
    return new Bucket(cell, lengthUs, Math.floorDiv(atUs, lengthUs) * lengthUs);
  }
}
