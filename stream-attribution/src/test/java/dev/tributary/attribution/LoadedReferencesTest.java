package dev.tributary.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.attribution.core.TestSpans;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadedReferencesTest {
  private static final String TENANT = TestSpans.TENANT;

  @Test
  void version_thatIsNotLoaded_isAnError_neverUnknown() {
    LoadedReferences references = new LoadedReferences(Duration.ZERO);
    assertThat(references.current(TENANT)).isSameAs(ReferenceView.NOTHING);
    assertThat(references.version(TENANT, 0)).isSameAs(ReferenceView.NOTHING);
    assertThatThrownBy(() -> references.version(TENANT, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("reference version 1");
    references.swap(TENANT, TestReference.first().index());
    assertThat(references.version(TENANT, 1).version()).isEqualTo(1);
    assertThat(references.find(TENANT, 2)).isNull();
    assertThatThrownBy(() -> references.version(TENANT, 2))
        .hasMessageContaining("reference version 2")
        .hasMessageContaining("the active one is 1");
  }

  @Test
  void version_thatComesSoon_isWaitedFor() throws Exception {
    LoadedReferences references = new LoadedReferences(Duration.ofMinutes(1));
    references.swap(TENANT, TestReference.first().index());
    CompletableFuture<ReferenceView> asked =
        CompletableFuture.supplyAsync(() -> references.version(TENANT, 2));
    references.swap(TENANT, TestReference.second().index());
    assertThat(asked.get(30, TimeUnit.SECONDS).version()).isEqualTo(2);
  }
}
