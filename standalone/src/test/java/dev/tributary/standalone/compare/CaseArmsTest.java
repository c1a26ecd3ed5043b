package dev.tributary.standalone.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.quality.GateArms;
import dev.tributary.standalone.platform.PlatformException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each field of a case is the value of its dimension. */
class CaseArmsTest {
  private static final String CASE =
      "{\"case\":\"a\",\"cost_usd\":\"0.5\",\"latency_ms\":20,\"input_tokens\":300,"
          + "\"output_tokens\":40,\"error\":true,\"tool_calls\":3}";

  @Test
  void fields_areTheirDimensions() {
    Map<String, GateArms> arms =
        CaseArms.of(CaseFile.parse("before", CASE), CaseFile.parse("after", CASE));

    assertThat(arms)
        .hasSize(6)
        .allSatisfy((name, of) -> assertThat(of.candidate().n()).isEqualTo(1));
    assertThat(arms.get("cost_per_call").candidate().mean()).isEqualTo(0.5);
    assertThat(arms.get("latency_ms").candidate().mean()).isEqualTo(20);
    assertThat(arms.get("input_tokens").candidate().mean()).isEqualTo(300);
    assertThat(arms.get("output_tokens").candidate().mean()).isEqualTo(40);
    assertThat(arms.get("error_share").candidate().mean()).isEqualTo(1);
    assertThat(arms.get("tool_call_share").candidate().mean()).isEqualTo(1);
  }

  /** A gate that saw the first alone would decide on others than it was given. */
  @Test
  void twoCasesOnALine_refuseTheFile() {
    assertThatThrownBy(() -> CaseFile.parse("before", CASE + CASE.replace("\"a\"", "\"b\"")))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("before:1");
  }

  /** One of two cases of each file is in the other. */
  @Test
  void casesOfOneFile_areLeftOut_andSaid() {
    String other = CASE.replace("\"a\"", "\"b\"");
    String third = CASE.replace("\"a\"", "\"c\"");

    GateArms cost =
        CaseArms.of(
                CaseFile.parse("before", CASE + "\n" + other),
                CaseFile.parse("after", third + "\n" + CASE))
            .get("cost_per_call");

    assertThat(cost).isNotNull();
    assertThat(cost.effect().covered()).isEqualTo(0.5);
    assertThat(cost.effect().ofBaseline().leftOut()).isEqualTo(1);
    assertThat(cost.baseline().n()).isEqualTo(1);
  }
}
