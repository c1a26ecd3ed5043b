package dev.tributary.anomaly.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.group.Owners.OwnerRule;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.SeriesKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which episodes show one cause. */
class KinshipTest {
  private static final long STEP_US = 300_000_000L;
  private static final Owners SUPPORT_IS_BLUE =
      new Owners(
          List.of(new OwnerRule("support", 0, null, "support", false, "blue", List.of("pager"))));

  private final Kinship kinship = new Kinship(SUPPORT_IS_BLUE, 3 * STEP_US);

  private static OpenEpisode episode(String label, String value, double excess, int step) {
    SeriesKey key =
        new SeriesKey(
            "default",
            "production",
            label,
            Map.of(label, value),
            label + "|" + label + "=" + value);
    return new OpenEpisode(
        new Finding(
            key,
            "spend_per_hour",
            false,
            value + step,
            1,
            Finding.State.OPENED,
            step * STEP_US,
            step * STEP_US,
            step * STEP_US,
            2 * excess,
            excess,
            2,
            1,
            excess,
            null,
            null,
            Finding.Ending.VALUES));
  }

  /** However alike the amounts are, what another team owns is another cause. */
  @Test
  void team_andAFeatureOfAnotherTeam_areNoKin() {
    OpenEpisode feature = episode("feature", "support", 10, 0);

    assertThat(kinship.areKin(feature, episode("team", "blue", 11, 0))).isTrue();
    assertThat(kinship.areKin(feature, episode("team", "red", 11, 0))).isFalse();
    assertThat(kinship.areKin(episode("team", "red", 11, 0), feature)).isFalse();
  }

  @Test
  void openings_asFarApartAsPersistenceAllows_areKin_andNoFurther() {
    OpenEpisode feature = episode("feature", "support", 10, 0);

    assertThat(kinship.areKin(feature, episode("team", "blue", 11, 3))).isTrue();
    assertThat(kinship.areKin(feature, episode("team", "blue", 11, 4))).isFalse();
  }

  /** Nothing contains the other here: only amounts that are alike say that it is one cause. */
  @Test
  void amounts_thatDifferByTwice_areNoKin() {
    OpenEpisode model = episode("model", "m", 10, 0);

    assertThat(kinship.areKin(model, episode("workspace", "acme", 19, 0))).isTrue();
    assertThat(kinship.areKin(model, episode("workspace", "acme", 20, 0))).isFalse();
    assertThat(kinship.areKin(model, episode("workspace", "acme", 5, 0))).isFalse();
  }

  /** What one lost is not what the other gained: with `direction: both` drops are watched too. */
  @Test
  void amounts_ofARiseAndADrop_areNoKin() {
    OpenEpisode model = episode("model", "m", 10, 0);
    OpenEpisode feature = episode("feature", "support", -10, 0);

    assertThat(kinship.areKin(model, episode("workspace", "acme", -10, 0))).isFalse();
    assertThat(kinship.areKin(episode("team", "blue", 30, 0), feature)).isFalse();
    assertThat(kinship.areKin(episode("model", "m", -10, 0), episode("workspace", "acme", -10, 0)))
        .isTrue();
  }
}
