package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Versions of a cell: the same whatever order and parts they come in, and never many. */
class SightsTest {
  private record Seen(SightKey key, int sign, long timeUs) {}

  private static List<Seen> random(Random random, int keys) {
    List<Seen> all = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      SightKey key = new SightKey(SightKey.Kind.DEPLOY, "api", "v" + (100 + random.nextInt(keys)));
      long timeUs = random.nextInt(1_000);
      all.add(new Seen(key, 1, timeUs));
      if (random.nextInt(3) == 0) {
        all.add(new Seen(key, -1, Sights.NEVER));
      }
    }
    return all;
  }

  /** The keys that are kept, found from all that were drawn: any of them may be missing. */
  private static List<SightKey> firstKeys(List<Seen> all) {
    return all.stream().map(Seen::key).distinct().sorted().limit(Sights.MOST).toList();
  }

  private static Sights sum(List<Seen> all, Random random) {
    PartialWindow whole = new PartialWindow();
    PartialWindow part = new PartialWindow();
    for (Seen seen : all) {
      part.addSight(seen.key(), seen.sign(), seen.timeUs());
      if (random.nextInt(20) == 0) {
        WindowCodec codec = new WindowCodec();
        MergeInput.Partial travelled =
            (MergeInput.Partial)
                codec.decodeInput(codec.encode(new MergeInput.Partial(0, 1, part)));
        whole.merge(travelled.sums());
        part = new PartialWindow();
      }
    }
    whole.merge(part);
    return whole.sights();
  }

  @Test
  void sights_anyOrderAndParts_areTheSame() {
    for (long seed : Seeds.many(20).toList()) {
      Random random = new Random(seed);
      List<Seen> all = random(random, 90);
      Sights first = sum(all, random);
      Collections.shuffle(all, random);
      Sights second = sum(all, random);

      assertThat(second.all()).as("seed %d", seed).isEqualTo(first.all());
      assertThat(first.all().keySet())
          .as("seed %d", seed)
          .containsExactlyElementsOf(firstKeys(all));
    }
  }

  @Test
  void part_withoutWhatWasTakenBack_isEmpty() {
    PartialWindow part = new PartialWindow();
    SightKey key = new SightKey(SightKey.Kind.RETRIEVAL_VERSION, "", "v7");
    part.addSight(key, 1, 5);
    assertThat(part.isEmpty()).isFalse();

    part.addSight(key, -1, Sights.NEVER);

    assertThat(part.isEmpty()).isTrue();
    assertThat(part).isEqualTo(new PartialWindow());
  }
}
