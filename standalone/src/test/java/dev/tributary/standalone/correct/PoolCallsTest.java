package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.pricing.allocation.DeclaredPool;
import dev.tributary.pricing.allocation.PoolFile;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.review.SqlStub;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolCallsTest {
  private static final Instant TEN = Instant.parse("2026-03-01T10:00:00Z");
  private static final List<DeclaredPool> POOLS =
      PoolFile.parse(
          "pools.yaml",
          """
          pools:
            - id: first
              kind: gpu
              uses: {model: ["llama*"]}
              terms: [{per_unit_hour: 1, from: 2026-03-01T10:00:00Z}]
            - id: second
              kind: gpu
              uses: {service: [vllm]}
              terms: [{per_unit_hour: 1}]
          """);

  @Test
  void read_callsGoToTheFirstPoolThatServesThem_andIsPaidThen() throws IOException {
    String rows =
        row("10", "llama-3", "vllm", "search", 100, "0", 0)
            + row("10", "mixtral", "vllm", "search", 30, "0.5", 2)
            + row("10", "mixtral", "gateway", "search", 7, "0", 0)
            + row("09", "llama-3", "vllm", "unattributed", 5, "0", 0);
    try (SqlStub clickHouse = new SqlStub(sql -> rows)) {
      Map<String, Map<Instant, PoolUse>> uses =
          new PoolCalls(clickHouse.client())
              .read("default", POOLS, TEN.minusSeconds(3_600), TEN.plusSeconds(3_600));

      Consumer search = new Consumer("prod", "search", "discovery", null);
      assertThat(uses.get("first")).containsOnlyKeys(TEN);
      assertThat(uses.get("first").get(TEN).tokens()).isEqualTo(Map.of(search, 100L));
      assertThat(uses.get("second")).containsOnlyKeys(TEN, TEN.minusSeconds(3_600));
      assertThat(uses.get("second").get(TEN).tokens()).isEqualTo(Map.of(search, 30L));
      assertThat(uses.get("second").get(TEN).ownCost()).isEqualByComparingTo("0.5");
      assertThat(uses.get("second").get(TEN).pricedCalls()).isEqualTo(2);
      assertThat(uses.get("second").get(TEN.minusSeconds(3_600)).tokens())
          .isEqualTo(Map.of(new Consumer("prod", null, "discovery", null), 5L));
      assertThat(clickHouse.asked()).singleElement().asString().contains("tenant = 'default'");
    }
  }

  @Test
  void hours_areThoseOfAHalfOpenPeriod() {
    assertThat(PoolCalls.hours(TEN, TEN.plusSeconds(7_200)))
        .containsExactly(TEN, TEN.plusSeconds(3_600));
    assertThat(PoolCalls.hours(TEN, TEN)).isEmpty();
  }

  @Test
  void read_tenantThatIsNone_isRefusedBeforeAnythingIsAsked() throws IOException {
    try (SqlStub clickHouse = new SqlStub(sql -> "")) {
      assertThatThrownBy(
              () ->
                  new PoolCalls(clickHouse.client())
                      .read("x' OR 1=1 --", POOLS, TEN, TEN.plusSeconds(3_600)))
          .isInstanceOf(PlatformException.class);
      assertThat(clickHouse.asked()).isEmpty();
    }
  }

  private static String row(
      String hour, String model, String service, String feature, long tokens, String cost, int n) {
    long second = Instant.parse("2026-03-01T" + hour + ":00:00Z").getEpochSecond();
    return """
    [%d,null,null,"%s",null,null,null,null,null,"%s","prod","%s","discovery","unattributed",\
    "unattributed","RESOURCE","OWN","RULE","UNATTRIBUTED","UNATTRIBUTED","%d","%s","%d"]
    """
        .formatted(second, model, service, feature, tokens, cost, n);
  }
}
