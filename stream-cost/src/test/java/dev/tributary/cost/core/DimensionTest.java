package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.cost.LedgerEntries;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Retrieval;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.SpanKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whose window a line or a score enters: each dimension reads its own field. */
class DimensionTest {

  private static ResolvedTag tag(String value) {
    return new ResolvedTag(value, Provenance.OWN);
  }

  /** Every tag has the name of its dimension as its value. */
  private static Attribution tags() {
    return Attribution.newBuilder()
        .setFeature(tag("feature"))
        .setTeam(tag("team"))
        .setWorkspace(tag("workspace"))
        .setEnvironment(tag("environment"))
        .setProject(tag("project"))
        .setCostCenter(tag("cost_center"))
        .setUserTier(tag("user_tier"))
        .setExperiment(tag("experiment"))
        .setRetrievalVersion(tag("retrieval_version"))
        .setPromptName(tag("prompt_name"))
        .setPromptVersion(tag("prompt_version"))
        .setAgent(tag("agent"))
        .build();
  }

  private static LedgerLine line() {
    LedgerLine line = LedgerEntries.line("01", LedgerEntries.BASE_US, SpanKind.LLM);
    line.setAttribution(tags());
    line.setServiceName("service");
    line.setModelCanonical("model");
    line.setProvider("provider");
    line.setSurface("surface");
    line.setRegion("region");
    line.setToolName("tool");
    line.setMcpServer("mcp_server");
    line.setRetrieval(Retrieval.newBuilder().setSource("retrieval_source").build());
    return line;
  }

  @ParameterizedTest
  @EnumSource
  void line_eachDimension_readsItsOwnField(Dimension dimension) {
    assertThat(dimension.of(line())).isEqualTo(dimension.label());
    assertThat(Dimension.environmentOf(line().getAttribution())).isEqualTo("environment");
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {
        "SERVICE",
        "PROVIDER",
        "SURFACE",
        "REGION",
        "TOOL",
        "MCP_SERVER",
        "RETRIEVAL_SOURCE"
      })
  void score_eachDimension_readsThatOfItsSubject(Dimension dimension) {
    Score score = LedgerEntries.score("s", LedgerEntries.BASE_US, 0.5, null);
    score.setAttribution(tags());
    score.setModel("model");

    assertThat(dimension.of(score)).isEqualTo(dimension.label());
    score.setAttribution(null);
    score.setModel(null);
    assertThat(dimension.of(score)).isEqualTo("unattributed");
  }

  @Test
  void model_isTheCanonicalOne_elseTheReturned_elseTheRequested() {
    LedgerLine line = line();
    line.setModelReturned("returned");
    line.setModelRequested("requested");

    assertThat(Dimension.MODEL.of(line)).isEqualTo("model");
    line.setModelCanonical(null);
    assertThat(Dimension.MODEL.of(line)).isEqualTo("returned");
    line.setModelReturned(null);
    assertThat(Dimension.MODEL.of(line)).isEqualTo("requested");
    line.setModelRequested(null);
    assertThat(Dimension.MODEL.of(line)).isEqualTo("unattributed");
  }
}
