package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.clickhouse.client.api.Client;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.LostRows.Found;
import dev.tributary.sink.clickhouse.core.BlockData;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Looks that see less than there is: none of them may take rows for lost. */
final class LostRowsIT extends RepeatedInserts {
  private static Found look(BlockData block, int partition, Map<String, String> settings) {
    try (Client client = engine.client("repeated", settings)) {
      return new LostRows(client, 60_000).look(block, "ledger", range(partition, block)).found();
    }
  }

  /** As with a row policy under which the user sees another tenant. */
  @Test
  void rowsThatTheUserDoesNotSee_besideOthers_areNotLost() throws IOException {
    BlockData block = block(Topics.LEDGER, 41, entry(1, 1, line(61, 11)));
    BlockData none = block(Topics.LEDGER, 42, entry(1, 1, line(62, 11)));
    writer.write(block, "hidden");
    writer.write(block(Topics.LEDGER, 43, entry(1, 1, line(63, 11))), "other tenant");

    assertThat(look(block, 41, Map.of())).isEqualTo(Found.ALL);
    assertThat(look(none, 42, Map.of())).isEqualTo(Found.NONE);
    String filter = "{'repeated.ledger': 'kafka_partition != 41'}";
    assertThat(look(block, 41, Map.of("additional_table_filters", filter)))
        .isEqualTo(Found.UNKNOWN);
  }
}
