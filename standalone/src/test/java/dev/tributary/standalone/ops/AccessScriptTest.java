package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.alertrouter.AlertRouterMain;
import dev.tributary.attribution.AttributionReplay;
import dev.tributary.console.ConsoleMain;
import dev.tributary.evalworker.EvalWorkerMain;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.testing.GoldenFile;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.sink.clickhouse.SinkMain;
import dev.tributary.standalone.ops.AccessScript.Access;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may read and write which topic. */
class AccessScriptTest {
  private static final Path SCRIPT = OpsFiles.path("ops/acls/create-acls.sh");

  @Test
  void script_equalsTopologies() throws Exception {
    GoldenFile.assertEquals(SCRIPT, AccessScript.render(apps()));
    Tool.Ended ended = new Tool(List.of("bash")).run(SCRIPT.getParent(), "-n", SCRIPT.toString());
    assertThat(ended.status()).as(ended.output()).isZero();
  }

  @Test
  void applications_writeOnlyWhatTheCatalogueSaysTheyOwn() throws Exception {
    for (StreamsApp app : apps()) {
      Access access = AccessScript.of(app);
      assertThat(access.reads()).as(app.name()).isNotEmpty();
      for (Topic<?, ?> topic : Topics.all()) {
        if (access.writes().contains(topic.name())) {
          assertThat(List.of(topic.owner().split(", ")))
              .as("%s writes %s", app.name(), topic.name())
              .containsAnyOf("stream-" + app.name(), "all", "any stream");
        }
      }
    }
  }

  /** The content plane: nobody else sees a prompt. */
  @Test
  void text_isReadByNormalizeAndTheSinkOnly() throws Exception {
    Set<String> holdText = new TreeSet<>();
    for (Topic<?, ?> topic : Topics.all()) {
      if (topic.name().startsWith("otlp_") || topic == Topics.SPANS_IN) {
        holdText.add(topic.name());
      }
    }
    holdText.add(Topics.SPAN_CONTENT.name());
    holdText.add(Topics.DLQ.name());
    for (StreamsApp app : apps()) {
      if (!"normalize".equals(app.name())) {
        assertThat(AccessScript.of(app).reads())
            .as(app.name())
            .doesNotContainAnyElementsOf(holdText);
      }
    }
    Set<String> sink = new TreeSet<>(AccessScript.sink().reads());
    sink.retainAll(holdText);
    assertThat(sink).containsExactly(Topics.SPAN_CONTENT.name());
  }

  @Test
  void tool_mayDoWithTopicsWhatItsCodeDoes() throws Exception {
    Access tool = AccessScript.tool();
    Set<String> touched = new TreeSet<>(tool.reads());
    touched.addAll(tool.writes());
    touched.addAll(tool.describes());

    assertThat(ToolTopics.written()).isNotEmpty().isSubsetOf(tool.writes());
    assertThat(ToolTopics.read()).isNotEmpty().isSubsetOf(tool.reads());
    assertThat(ToolTopics.named()).isSubsetOf(touched);
  }

  /** It starts attribution beside the live one, which dead-letters and compares as that does. */
  @Test
  void tool_mayDoWithLiveTopicsWhatAReplayDoes() {
    Access tool = AccessScript.tool();
    Access replay = AccessScript.of(AttributionReplay.app("run.any.", "any", 1));
    Set<String> touched = new TreeSet<>(tool.reads());
    touched.addAll(tool.writes());
    touched.addAll(tool.describes());

    assertThat(replay.reads()).contains(Topics.SPANS.name()).isSubsetOf(tool.reads());
    assertThat(replay.writes()).containsExactly(Topics.DLQ.name()).isSubsetOf(tool.writes());
    assertThat(replay.describes()).contains(Topics.TRACES.name()).isSubsetOf(touched);
  }

  @Test
  void tool_writesOnlyWhatTheCatalogueSaysItDoes() throws Exception {
    Set<String> stated = new TreeSet<>(ToolTopics.written());
    for (Topic<?, ?> topic : Topics.all()) {
      if (stated.contains(topic.name())) {
        assertThat(topic.owner().split(", ")).as(topic.name()).contains("command-line tool");
      }
    }
    stated.add(Topics.DLQ.name());
    assertThat(AccessScript.tool().writes()).isEqualTo(stated);
  }

  @Test
  void tool_maySeeHowFarTheGroupsAreThatItWaitsFor() throws Exception {
    List<String> groups = new ArrayList<>(List.of(SinkConfig.GROUP.defaultText()));
    for (String app : ToolTopics.awaited()) {
      groups.add("\"${APPLICATIONS:-tributary}-" + app + "\"");
    }
    String script = AccessScript.render(apps()).replace("\\\n", " ");

    assertThat(groups).hasSizeGreaterThan(2);
    assertThat(script.lines().filter(line -> line.startsWith("allow tool --operation Describe")))
        .singleElement()
        .asString()
        .contains(groups.stream().map(group -> "--group " + group).toList());
  }

  /** Texts it asks for where they end, no more. */
  @Test
  void tool_readsNoText() {
    assertThat(AccessScript.tool().reads())
        .doesNotContain(
            Topics.OTLP_SPANS.name(),
            Topics.OTLP_LOGS.name(),
            Topics.SPANS_IN.name(),
            Topics.SPAN_CONTENT.name(),
            Topics.DLQ.name());
  }

  private static List<StreamsApp> apps() throws Exception {
    List<StreamsApp> apps = new ArrayList<>();
    for (JsonNode service : ComposeFile.read().lastingApplications().values()) {
      Class<?> mainClass = ComposeFile.mainClass(service);
      if (mainClass != SinkMain.class
          && mainClass != AlertRouterMain.class
          && mainClass != EvalWorkerMain.class
          && mainClass != ConsoleMain.class) {
        apps.add((StreamsApp) mainClass.getField("APP").get(null));
      }
    }
    return apps;
  }
}
