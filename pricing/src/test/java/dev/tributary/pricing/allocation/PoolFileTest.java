package dev.tributary.pricing.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.pricing.CatalogueException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolFileTest {
  private static final String POOLS =
      """
      pools:
        - id: ptu-east
          kind: provisioned
          surface: azure.ai.openai
          uses:
            surface: [azure.ai.openai]
            model: ["gpt-4o*", o3]
          terms:
            - {units: 100, per_unit_hour: 1.00, until: 2026-04-01T00:00:00Z, rate_card: ptu-2026}
            - {units: 120, per_unit_hour: 0.95, from: 2026-04-01T00:00:00Z}
        - id: h100
          kind: gpu
          uses: {service: [vllm]}
          terms: [{units: 8, per_unit_hour: 2.123456789012345678}]
      """;

  @Test
  void parse_poolsInTheirOrder_exactAndDated() {
    List<DeclaredPool> pools = PoolFile.parse("pools.yaml", POOLS);

    assertThat(pools).extracting(pool -> pool.pool().id()).containsExactly("ptu-east", "h100");
    assertThat(pools)
        .extracting(DeclaredPool::surface)
        .containsExactly("azure.ai.openai", "self-hosted");
    CapacityPool east = pools.get(0).pool();
    CapacityPool.Hour march = east.hourAt(Instant.parse("2026-03-31T23:59:59Z"));
    CapacityPool.Hour april = east.hourAt(Instant.parse("2026-04-01T00:00:00Z"));
    assertThat(march).isNotNull();
    assertThat(april).isNotNull();
    assertThat(march.cost()).isEqualByComparingTo("100");
    assertThat(march.rateCardId()).isEqualTo("ptu-2026");
    assertThat(april.cost()).isEqualByComparingTo("114");
    assertThat(april.rateCardId()).isEqualTo("ptu-east@2026-04-01T00:00:00Z");
    assertThat(pools.get(1).pool().terms().get(0).perUnitHour())
        .isEqualTo(new BigDecimal("2.123456789012345678"));
  }

  @Test
  void serves_whereEveryFieldHasAMatch() {
    DeclaredPool east = PoolFile.parse("pools.yaml", POOLS).get(0);
    List<String> azure = List.of("azure.ai.openai");

    assertThat(east.serves(call(azure, List.of("gpt-4o-mini", "deployment-7")))).isTrue();
    assertThat(east.serves(call(azure, List.of("o3")))).isTrue();
    assertThat(east.serves(call(azure, List.of("o3-mini")))).isFalse();
    assertThat(east.serves(call(List.of("openai"), List.of("o3")))).isFalse();
    assertThat(east.serves(Map.of(UseField.MODEL, List.of("o3")))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "id: ptu-east~id: p|q~pools.yaml:2: pools[0].id: must be letters",
        "id: h100~id: ptu-east~pools.yaml:11: pools[1]: pool ptu-east stands twice",
        "kind: gpu~kind: cpu~pools.yaml:12: pools[1].kind: must be provisioned or gpu",
        "1.00~1.0x~pools.yaml:9: pools[0].terms[0].per_unit_hour: must be a plain decimal number",
        "1.00~-1~pools.yaml:9: pools[0].terms[0]: the price of an hour must not be negative",
        "0.95~0.1234567890123456789~pools[0].terms[1].per_unit_hour: has more than 18 places",
        "from: 2026-04-01T00:00:00Z~from: 2026-03-01T00:00:00Z~pools[0]: terms 1 and 2 of ptu-east overlap",
        "from: 2026-04-01T00:00:00Z~from: 2026-04-01T00:30:00Z~from must be a whole hour",
        "units: 8~units: 0~pools.yaml:14: pools[1].terms[0]: units must be above 0",
        "{service: [vllm]}~{host: [vllm]}~pools[1].uses.host: unknown field; allowed are [surface, model",
        "{service: [vllm]}~{service: []}~pools[1].uses.service: must list at least one value",
        "{service: [vllm]}~{}~pools[1]: a pool must say which calls use it",
      })
  void parse_wrong_isRefusedWithItsPlace(String right, String wrong, String complaint) {
    String text = POOLS.replace(right, wrong);
    assertThat(text).isNotEqualTo(POOLS);

    assertThatThrownBy(() -> PoolFile.parse("pools.yaml", text))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining(complaint);
  }

  private static Map<UseField, List<String>> call(List<String> surface, List<String> models) {
    return Map.of(UseField.SURFACE, surface, UseField.MODEL, models);
  }
}
