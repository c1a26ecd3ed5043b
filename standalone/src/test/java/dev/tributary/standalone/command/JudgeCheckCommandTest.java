package dev.tributary.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class JudgeCheckCommandTest {

  @Test
  void check_withoutAJudge_saysThatNothingWasMeasured() {
    StringWriter out = new StringWriter();

    int code = new CommandLine(new JudgeCheckCommand()).setOut(new PrintWriter(out)).execute();

    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("No judge is configured, so nothing was measured", "judge-base-url")
        .doesNotContain("agreed");
  }
}
