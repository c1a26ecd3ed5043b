package dev.tributary.anomaly.core.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
    return episode("spend_per_hour", label, Map.of(label, value), excess, step);
  }

  /** An episode of what is twice its baseline. */
  private static OpenEpisode episode(
      String metric, String set, Map<String, String> dimensions, double excess, int step) {
    SeriesKey key = new SeriesKey("default", "production", set, dimensions, set + "|" + dimensions);
    return new OpenEpisode(
        new Finding(
            key,
            metric,
            false,
            metric + key.text() + step,
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

  private static OpenEpisode of(String metric, Map<String, String> dimensions, double excess) {
    return episode(metric, "set", dimensions, excess, 0);
  }

  /** A feature that fails is not why it costs more. */
  @Test
  void metrics_ofTwoFamilies_areNoKin() {
    Map<String, String> support = Map.of("feature", "support");
    OpenEpisode spend = of("spend_per_hour", support, 10);

    assertThat(kinship.areKin(spend, of("calls", support, 900))).isTrue();
    assertThat(kinship.areKin(spend, of("error_share", support, 10))).isFalse();
    assertThat(kinship.areKin(spend, of("of_an_older_version", support, 10))).isFalse();
  }

  /** However alike the amounts are. */
  @Test
  void series_thatContradictEachOther_areNoKin() {
    OpenEpisode eu = of("spend_per_hour", Map.of("feature", "chat", "region", "eu"), 10);

    assertThat(kinship.areKin(eu, of("spend_per_hour", Map.of("region", "us"), 10))).isFalse();
    assertThat(kinship.areKin(eu, of("spend_per_hour", Map.of("region", "eu"), 90))).isTrue();
  }

  /** Of whatever amounts they are: what a feature costs its team costs. */
  @Test
  void team_containsTheFeaturesItOwns_butAPartOfItDoesNot() {
    OpenEpisode feature = of("spend_per_hour", Map.of("feature", "support"), 10);

    assertThat(kinship.areKin(of("spend_per_hour", Map.of("team", "blue"), 90), feature)).isTrue();
    assertThat(kinship.areKin(feature, of("spend_per_hour", Map.of("team", "blue"), 90))).isTrue();
    assertThat(
            kinship.areKin(feature, of("spend_per_hour", Map.of("team", "blue", "model", "m"), 90)))
        .isFalse();
  }

  /** Calls say what happened, spend what it cost. */
  @Test
  void leader_isOfTheFirstMetricOfTheTable_howeverWide() {
    OpenEpisode calls = of("calls", Map.of("feature", "chat", "region", "eu"), 1);
    OpenEpisode spend = of("spend_per_hour", Map.of("feature", "chat"), 10);

    assertThat(Kinship.leader(List.of(calls, spend))).isSameAs(spend);
    assertThat(Kinship.leader(List.of(spend, calls))).isSameAs(spend);
  }

  /** The smaller of those that carry most of it; a small part of it says little. */
  @Test
  void leader_isTheSmallestThatCarriesSevenTenthsOfTheExcess() {
    OpenEpisode wide = of("spend_per_hour", Map.of("feature", "chat"), 100);
    OpenEpisode most = of("spend_per_hour", Map.of("feature", "chat", "region", "eu"), 70);
    OpenEpisode less = of("spend_per_hour", Map.of("feature", "chat", "agent", "a"), 69);

    assertThat(Kinship.leader(List.of(wide, most, less))).isSameAs(most);
    assertThat(Kinship.leader(List.of(less, wide))).isSameAs(wide);
  }

  /** A drop has an excess below zero. */
  @Test
  void leader_ofDrops_isFoundAlike() {
    OpenEpisode wide = of("spend_per_hour", Map.of("feature", "chat"), -100);
    OpenEpisode most = of("spend_per_hour", Map.of("feature", "chat", "region", "eu"), -80);

    assertThat(Kinship.leader(List.of(wide, most))).isSameAs(most);
  }

  /** The same calls seen from several sides: people know features best. */
  @Test
  void leader_ofEqualVolumes_isTheOneThatPeopleKnowBest() {
    OpenEpisode tier = episode("spend_per_hour", "user_tier", Map.of("user_tier", "a"), 10, 0);
    OpenEpisode team = episode("spend_per_hour", "team", Map.of("team", "a"), 10, 0);
    OpenEpisode feature = episode("spend_per_hour", "feature", Map.of("feature", "z"), 10, 0);
    OpenEpisode unknown = episode("spend_per_hour", "endpoint", Map.of("a", "a"), 10, 0);

    assertThat(Kinship.leader(List.of(unknown, tier, team, feature))).isSameAs(feature);
    assertThat(Kinship.leader(List.of(unknown, tier, team))).isSameAs(team);
    assertThat(Kinship.leader(List.of(unknown, tier))).isSameAs(tier);
  }

  private static OpenEpisode errors(
      Map<String, String> dimensions, double observed, double baseline, long calls) {
    SeriesKey key = new SeriesKey("default", "production", "set", dimensions, "" + dimensions);
    return new OpenEpisode(
        new Finding(
            key,
            "error_share",
            false,
            "e" + dimensions,
            1,
            Finding.State.OPENED,
            0,
            0,
            0,
            observed,
            baseline,
            observed / baseline,
            1,
            (observed - baseline) * calls,
            null,
            null,
            Finding.Ending.VALUES));
  }

  /** 60 of 2 000 calls usually fail, 200 of 10 000: the first is the smaller part. */
  @Test
  void leader_ofShares_isTheOneWithTheFewestUsualErrors_notWithTheLowestShare() {
    OpenEpisode all = errors(Map.of("feature", "chat"), 0.12, 0.02, 10_000);
    OpenEpisode part = errors(Map.of("feature", "chat", "region", "eu"), 0.53, 0.03, 2_000);

    assertThat(Kinship.leader(List.of(all, part))).isSameAs(part);
    assertThat(part.volume()).isCloseTo(60, within(1e-9));
  }
}
