package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.cost.core.Examples.Example;
import dev.tributary.runtime.testing.Seeds;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Calls by which a cell is shown: the same whatever order and parts they come in. */
class ExamplesTest {
  private static List<Example> random(Random random) {
    List<Example> calls = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      BigDecimal cost = new BigDecimal(random.nextInt(1_000_000)).movePointLeft(6).setScale(18);
      calls.add(new Example("%032x".formatted(random.nextInt(200)), cost));
    }
    return calls;
  }

  /** In parts, some of which travel as bytes. */
  private static Examples sum(List<Example> calls, Random random) {
    PartialWindow whole = new PartialWindow();
    PartialWindow part = new PartialWindow();
    WindowCodec codec = new WindowCodec();
    for (Example call : calls) {
      part.examples().offer(call);
      if (random.nextInt(20) == 0) {
        byte[] bytes = codec.encode(new MergeInput.Partial(0, 1, part));
        whole.merge(((MergeInput.Partial) codec.decodeInput(bytes)).sums());
        part = new PartialWindow();
      }
    }
    whole.merge(part);
    return codec.decodeState(codec.encode(new WindowState(1, whole))).sums().examples();
  }

  @Test
  void examples_anyOrderAndParts_areTheSame() {
    for (long seed : Seeds.many(20).toList()) {
      Random random = new Random(seed);
      List<Example> calls = random(random);
      Examples first = sum(calls, random);
      Collections.shuffle(calls, random);
      Examples second = sum(calls, random);

      BigDecimal highest =
          calls.stream().map(Example::cost).max(Comparator.naturalOrder()).orElseThrow();
      assertThat(first.dearest()).as("seed %d", seed).isIn(calls).isEqualTo(second.dearest());
      assertThat(first.dearest().cost()).as("seed %d", seed).isEqualByComparingTo(highest);
      assertThat(first.byChance()).as("seed %d", seed).isIn(calls).isEqualTo(second.byChance());
    }
  }

  /** Ids that count up are as likely as each other: none is chosen in a fifth of all draws. */
  @Test
  void chance_ofIdsThatCountUp_isEven() {
    Map<String, Integer> chosen = new HashMap<>();
    for (int i = 0; i < 2_000; i++) {
      Examples examples = new Examples();
      for (int place = 0; place < 10; place++) {
        examples.offer(new Example("%032x".formatted(10 * i + place), BigDecimal.ZERO));
      }
      chosen.merge(examples.byChance().traceId().substring(31), 1, Integer::sum);
    }
    assertThat(chosen.values()).allMatch(times -> times < 400);
  }

  @Test
  void call_thatIsTakenBack_stays_andIsNoSum() {
    PartialWindow booked = new PartialWindow();
    booked.add(Count.CALLS.at(), 1);
    booked.examples().offer(new Example("a", BigDecimal.ONE));
    PartialWindow taken = new PartialWindow();
    taken.add(Count.CALLS.at(), -1);
    PartialWindow cell = new PartialWindow();
    cell.merge(booked);

    cell.merge(taken);

    assertThat(cell.isEmpty()).isTrue();
    assertThat(cell).isEqualTo(new PartialWindow());
    assertThat(cell.examples().dearest()).isEqualTo(new Example("a", BigDecimal.ONE));
  }

  /** Cells that were stored before calls were kept have none. */
  @Test
  void bytes_ofTheFormatBefore_areRead() {
    PartialWindow cell = new PartialWindow();
    cell.add(Count.CALLS.at(), 7);
    byte[] now = new WindowCodec().encode(new WindowState(3, cell));
    byte[] before = Arrays.copyOf(now, now.length - 1);
    before[0] = 3;

    WindowState read = new WindowCodec().decodeState(before);

    assertThat(read.sums().calls()).isEqualTo(7);
    assertThat(read.sums().examplesOrNull()).isNull();
  }
}
