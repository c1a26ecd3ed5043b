package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectStoresTest {
  private static final long MINUTE_US = 60_000_000L;

  /**
   * Older versions counted microseconds: a window in an open step must not be taken for another.
   */
  @ParameterizedTest
  @ValueSource(ints = {10, 15, 60})
  void windowKeys_ofALongStep_areInOrder_andNoOlderOnes(int minutes) {
    List<Bytes> keys = new ArrayList<>();
    Set<Bytes> older = new HashSet<>();
    for (int minute = 0; minute < minutes; minute++) {
      keys.add(DetectStores.windowKey(0, "chat", minute * MINUTE_US, minutes * MINUTE_US));
      older.add(StoreKeys.of(0, "chat", (int) (minute * MINUTE_US)));
    }

    assertThat(keys).isSorted().doesNotHaveDuplicates().doesNotContainAnyElementsOf(older);
    Bytes end = DetectStores.windowKey(0, "chat", minutes * MINUTE_US, minutes * MINUTE_US);
    assertThat(end).isGreaterThan(keys.get(keys.size() - 1));
    assertThat(end).isLessThan(DetectStores.windowKey(0, "chat ", 0, minutes * MINUTE_US));
  }
}
