package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.feature;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static dev.tributary.attribution.core.TestSpans.tags;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.Tags;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TagResolutionTest {
  @Test
  void eachTag_comesFromTheFirstPlaceThatKnowsIt() {
    Booking booking =
        book(
            span(SpanKind.WORKFLOW, 1, 0)
                .setTags(tags(t -> t.setFeature("search").setWorkspace("acme")))
                .setSessionId("s-1"),
            agent(2, 1).setTags(tags(t -> t.setAgent("clerk").setWorkspace("umbrella"))),
            llm(3, 2)
                .setTags(tags(t -> t.setExperiment("b")))
                .setResourceTags(tags(t -> t.setEnvironment("production").setWorkspace("nobody"))),
            llm(4, 99).setServiceName("batch-night"));

    Attribution call = booking.attribution(2);
    assertTag(call.getExperiment(), "b", Provenance.OWN);
    assertTag(call.getWorkspace(), "umbrella", Provenance.ANCESTOR);
    assertTag(call.getAgent(), "clerk", Provenance.ANCESTOR);
    assertTag(call.getFeature(), "search", Provenance.ANCESTOR);
    assertTag(call.getEnvironment(), "production", Provenance.RESOURCE);
    assertTag(call.getTeam(), "discovery", Provenance.RULE);
    assertTag(call.getCostCenter(), "cc-7", Provenance.RULE);
    assertTag(call.getUserTier(), null, Provenance.UNATTRIBUTED);
    assertThat(booking.sessionId(2)).isEqualTo("s-1");

    Attribution orphan = booking.attribution(3);
    assertTag(orphan.getFeature(), "search", Provenance.TRACE_ROOT);
    assertThat(booking.sessionId(3)).isEqualTo("s-1");
  }

  @Test
  void feature_byRuleOnTheService() {
    Booking booking = book(llm(1, 0).setServiceName("batch-night"));
    assertTag(booking.attribution(0).getFeature(), "search", Provenance.RULE);
    assertTag(booking.attribution(0).getTeam(), "discovery", Provenance.RULE);
  }

  @Test
  void ownTeam_beatsTheTableAndIsAConflict() {
    Booking booking =
        book(llm(1, 0).setTags(tags(t -> t.setFeature("search").setTeam("payments"))));
    assertTag(booking.attribution(0).getTeam(), "payments", Provenance.OWN);
    assertThat(booking.attribution(0).getOwnerConflict()).isTrue();
    assertThat(book(llm(1, 0).setTags(feature("search"))).attribution(0).getOwnerConflict())
        .isFalse();
  }

  @Test
  void promptNameAndVersion_travelTogether() {
    Booking booking =
        book(
            span(SpanKind.WORKFLOW, 1, 0)
                .setTags(tags(t -> t.setPromptName("outer").setPromptVersion("3"))),
            llm(2, 1).setTags(tags(t -> t.setPromptName("inner"))),
            span(SpanKind.TOOL, 3, 2));
    assertTag(booking.attribution(1).getPromptName(), "inner", Provenance.OWN);
    assertTag(booking.attribution(1).getPromptVersion(), null, Provenance.UNATTRIBUTED);
    assertTag(booking.attribution(2).getPromptName(), "inner", Provenance.ANCESTOR);
    assertTag(booking.attribution(2).getPromptVersion(), null, Provenance.UNATTRIBUTED);
  }

  @Test
  void again_keepsWhatWasStated() {
    Attribution before = book(llm(1, 0).setTags(feature("search"))).attribution(0);
    Attribution again =
        TagResolution.again(before, "shop-api", null, TestSpans.T0, TestViews.SECOND.rules());
    assertTag(again.getFeature(), "search", Provenance.OWN);
    assertTag(again.getTeam(), "findability", Provenance.RULE);
    assertTag(before.getTeam(), "discovery", Provenance.RULE);
  }

  /** Each configured tag by itself, from the first place that knows it. */
  @Test
  void customTags_comeFromTheFirstPlaceThatKnowsThem() {
    Booking booking =
        book(
            span(SpanKind.WORKFLOW, 1, 0)
                .setTags(custom(Map.of("plan", "root", "tier", "root", "zone", "root"))),
            agent(2, 1).setTags(custom(Map.of("plan", "agent", "tier", "agent"))),
            llm(3, 2)
                .setTags(custom(Map.of("plan", "own")))
                .setResourceTags(custom(Map.of("plan", "host", "tier", "host", "rack", "host"))),
            llm(4, 99).setResourceTags(custom(Map.of("plan", "host", "rack", "host"))),
            llm(5, 2));

    assertThat(booking.attribution(2).getCustom())
        .isEqualTo(
            Map.of(
                "plan", new ResolvedTag("own", Provenance.OWN),
                "tier", new ResolvedTag("agent", Provenance.ANCESTOR),
                "zone", new ResolvedTag("root", Provenance.ANCESTOR),
                "rack", new ResolvedTag("host", Provenance.RESOURCE)));
    assertThat(booking.attribution(3).getCustom())
        .isEqualTo(
            Map.of(
                "plan", new ResolvedTag("root", Provenance.TRACE_ROOT),
                "tier", new ResolvedTag("root", Provenance.TRACE_ROOT),
                "zone", new ResolvedTag("root", Provenance.TRACE_ROOT),
                "rack", new ResolvedTag("host", Provenance.RESOURCE)));
    assertThat(booking.attribution(4).getCustom())
        .as("what is between hands it down")
        .containsEntry("plan", new ResolvedTag("agent", Provenance.ANCESTOR));
  }

  private static Tags custom(Map<String, String> custom) {
    return tags(t -> t.setCustom(custom));
  }

  /** Only who says so itself contradicts the table: what is inherited may be anybody's. */
  @Test
  void inheritedTeam_isNoConflict() {
    Booking booking =
        book(agent(1, 0).setTags(tags(t -> t.setFeature("search").setTeam("payments"))), llm(2, 1));

    assertTag(booking.attribution(1).getTeam(), "payments", Provenance.ANCESTOR);
    assertThat(booking.attribution(1).getOwnerConflict()).isFalse();
    Span.Builder agreeing =
        llm(1, 0).setTags(tags(t -> t.setFeature("search").setTeam("discovery")));
    assertThat(book(agreeing).attribution(0).getOwnerConflict()).isFalse();
  }

  /** Session and user of the trace: the root's, else those of the first that states one. */
  @Test
  void sessionAndUser_areTheRoots_elseTheFirst() {
    Span.Builder root = agent(1, 0);
    Span.Builder first = llm(2, 1).setSessionId("s-2").setUserHash("u-2");
    Span.Builder second = llm(3, 1).setSessionId("s-3").setUserHash("u-3");

    assertThat(book(root, second, first).sessionId()).isEqualTo("s-2");
    assertThat(book(root, second, first).userHash()).isEqualTo("u-2");
    root.setSessionId("s-1").setUserHash("u-1");
    assertThat(book(root, second, first).sessionId()).isEqualTo("s-1");
    assertThat(book(root, second, first).userHash()).isEqualTo("u-1");
    assertThat(book(llm(4, 0)).sessionId()).isNull();
    assertThat(book(llm(4, 0)).userHash()).isNull();
  }

  private static Booking book(Span.Builder... spans) {
    return Book.book(
        Arrays.stream(spans).map(Span.Builder::build).toList(),
        TestViews.FIRST,
        BookOptions.closed(TestViews.FIRST));
  }

  private static void assertTag(ResolvedTag tag, String value, Provenance provenance) {
    assertThat(tag.getValue()).isEqualTo(value);
    assertThat(tag.getProvenance()).isEqualTo(provenance);
  }
}
