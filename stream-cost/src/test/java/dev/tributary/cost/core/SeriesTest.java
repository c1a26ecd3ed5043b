package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts, keys and bytes. */
class SeriesTest {

  @Test
  void key_anyValues_readBack() {
    GroupingSet set = GroupingSet.parse("odd=feature+model");

    String key = Series.key("acme", "a|b=c%7Cd%", set, new String[] {"", "%25=|ü"});

    assertThat(key.chars().filter(c -> c == '|').count()).isEqualTo(4);
    assertThat(Series.ofKey(key))
        .isEqualTo(
            new Series("acme", "a|b=c%7Cd%", "odd", Map.of("feature", "", "model", "%25=|ü")));
    assertThat(Series.textOfKey(key)).startsWith("odd|environment=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "acme", "acme|set", "acme|set|feature=x", "acme|set|environment"})
  void key_notOfASeries_refusedWithTheKey(String key) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Series.ofKey(key))
        .withMessageContaining("\"" + key + "\"");
  }

  @Test
  void cell_keyOfItsFeature_namesTenantEnvironmentAndFeature() {
    String[] values = {"a|b", "w", "m", "v1", "x", "eu"};
    String key = Series.key("acme", "prod", GroupingSet.CELLS, values);

    assertThat(Series.isCell(key)).isTrue();
    assertThat(Series.isCell("acme|feature|environment=prod|feature=cell|x")).isFalse();
    assertThat(Series.featureOfCell(key)).isEqualTo("acme|cell|environment=prod|feature=a%7Cb");
    assertThat(Series.featureOfCell(Series.featureOfCell(key)))
        .isEqualTo(Series.featureOfCell(key));
    assertThat(Series.ofKey(Series.otherCell(Series.featureOfCell(key))).dimensions())
        .containsEntry("feature", "a|b")
        .containsEntry("workspace", "other")
        .hasSize(6);
  }

  @Test
  void spend_key_namesItsScope() {
    String key = Series.spend("spend", "tag.customer", "a|b=c", "production");

    assertThat(Series.isSpend(key)).isTrue();
    assertThat(Series.scopeOfSpend(key)).isEqualTo("tag.customer");
    assertThat(Series.spendOf(key)).isEqualTo(Series.spend("spend", "tag.customer", "a|b=c"));
  }

  @Test
  void bytes_ofTheFirstFormat_read() {
    VarintWriter first = new VarintWriter();
    first.fixed(1);
    first.fixed(3);
    first.unsigned(4);
    first.unsigned(1);
    first.unsigned(Count.CALLS.at() + 1);
    first.signed(7);
    first.unsigned(0);
    for (int metric = 0; metric < 5; metric++) {
      first.unsigned(metric == 1 ? 1 : 0);
      first.signed(0);
      if (metric == 1) {
        first.signed(30);
        first.signed(7);
      }
    }

    WindowState state = new WindowCodec().decodeState(first.toBytes());

    assertThat(state.revision()).isEqualTo(4);
    assertThat(state.sums().calls()).isEqualTo(7);
    assertThat(state.sums().distribution(Metric.LATENCY_US).total()).isEqualTo(7);
  }

  @Test
  void windowKey_bytes_sortByStart() {
    byte[] before = new WindowKey(-60_000_000, "zz").toBytes();
    byte[] at = new WindowKey(0, "aa").toBytes();

    assertThat(Arrays.compareUnsigned(before, at)).isNegative();
    assertThat(Arrays.compareUnsigned(WindowKey.bound(0), at)).isNegative();
    assertThat(Arrays.compareUnsigned(before, WindowKey.bound(0))).isNegative();
    assertThat(WindowKey.ofBytes(at)).isEqualTo(new WindowKey(0, "aa"));
    assertThat(WindowKey.ofBytes(before)).isEqualTo(new WindowKey(-60_000_000, "zz"));
  }

  @Test
  void groupingSet_dimensions_decideWhichLinesEnter() {
    assertThat(GroupingSet.parse("team").lineRoles()).isEqualTo(Set.of(LineRole.values()));
    assertThat(GroupingSet.parse("x=feature+model").lineRoles())
        .isEqualTo(Set.of(LineRole.CALL, LineRole.SCORE));
    assertThat(GroupingSet.parse("tool").lineRoles()).isEqualTo(Set.of(LineRole.TOOL));
    assertThat(GroupingSet.parse("feature_agent").lineRoles()).doesNotContain(LineRole.TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x=tool+model",
        "x=",
        "x=feature+feature",
        "X=feature",
        "nothing",
        "x=y",
        "cell=team"
      })
  void groupingSet_impossible_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> GroupingSet.parse(text));
  }

  @Test
  void groupingSet_text_readBack() {
    for (GroupingSet set : GroupingSet.DEFAULTS) {
      assertThat(GroupingSet.parse(set.text())).isEqualTo(set);
    }
    GroupingSet own = new GroupingSet("own", List.of(Dimension.REGION, Dimension.MODEL));
    assertThat(GroupingSet.parse(own.text())).isEqualTo(own);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "0.000000000000000001",
        "-0.000000000000000001",
        "9.223372036854775807",
        "9.223372036854775808",
        "-9.223372036854775809",
        "99999999999999999999.999999999999999999",
        "-99999999999999999999.999999999999999999"
      })
  void amount_asTwoLongs_exact(String text) {
    long[] pairs = new long[4];
    BigDecimal amount = new BigDecimal(text).setScale(18);

    Int128.set(pairs, 1, amount);

    assertThat(Int128.toDecimal(pairs[2], pairs[3])).isEqualTo(amount);
    Int128.add(pairs, 0, pairs[2], pairs[3]);
    Int128.add(pairs, 0, pairs[2], pairs[3]);
    Int128.subtract(pairs, 0, pairs[2], pairs[3]);
    assertThat(Int128.toDecimal(pairs[0], pairs[1])).isEqualTo(amount);
  }

  @Test
  void amount_moreThanEighteenDigits_refused() {
    assertThatThrownBy(() -> Int128.set(new long[2], 0, new BigDecimal("1e-19")))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void bytes_damaged_refused() {
    WindowCodec codec = new WindowCodec();
    byte[] good = codec.encode(new MergeInput.SourceClock(3, 1_772_359_200_000_000L));
    byte[] otherVersion = good.clone();
    otherVersion[0] = 9;

    assertThat(codec.decodeInput(good))
        .isEqualTo(new MergeInput.SourceClock(3, 1_772_359_200_000_000L));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.decodeInput(otherVersion))
        .withMessageContaining("format 9");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.decodeInput(Arrays.copyOf(good, good.length - 1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.decodeInput(Arrays.copyOf(good, good.length + 1)));
    assertThatIllegalArgumentException().isThrownBy(() -> codec.decodeState(good));
  }
}
