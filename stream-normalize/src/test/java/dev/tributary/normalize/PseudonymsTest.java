package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.normalize.core.Pseudonyms;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PseudonymsTest {
  /** One instance serves all tenants of its thread, and remembers who it met. */
  @Test
  void user_sameIdInTwoTenants_twoPseudonymsEachTime() {
    Pseudonyms pseudonyms = new Pseudonyms("s", Map.of("own", "t"));

    String acme = pseudonyms.user("acme", "ann");
    String other = pseudonyms.user("other", "ann");
    String own = pseudonyms.user("own", "ann");

    assertThat(acme).hasSize(64).isNotEqualTo(other).isNotEqualTo(own);
    assertThat(other).isNotEqualTo(own);
    assertThat(pseudonyms.user("acme", "ann")).isEqualTo(acme);
    assertThat(pseudonyms.user("other", "ann")).isEqualTo(other);
    assertThat(new Pseudonyms("s", Map.of()).user("other", "ann")).isEqualTo(other);
  }

  @Test
  void user_withoutASecret_hasNone_unlessTheTenantHasOne() {
    Pseudonyms pseudonyms = new Pseudonyms(null, Map.of("own", "t"));

    assertThat(pseudonyms.user("acme", "ann")).isNull();
    assertThat(pseudonyms.user("own", "ann")).isNotNull();
  }
}
