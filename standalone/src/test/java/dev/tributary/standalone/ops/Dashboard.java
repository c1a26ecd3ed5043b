package dev.tributary.standalone.ops;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The Grafana dashboard. */
final class Dashboard {
  private final JsonNode root;

  private Dashboard(JsonNode root) {
    this.root = root;
  }

  static Dashboard read() throws IOException {
    return new Dashboard(OpsFiles.json(OpsFiles.DASHBOARD));
  }

  JsonNode root() {
    return root;
  }

  /** All panels but the rows' headings. */
  List<JsonNode> panels() {
    List<JsonNode> panels = new ArrayList<>();
    root.path("panels")
        .forEach(
            panel -> {
              if (!"row".equals(panel.path("type").asText())) {
                panels.add(panel);
              }
            });
    return panels;
  }

  List<JsonNode> variables() {
    List<JsonNode> variables = new ArrayList<>();
    root.path("templating").path("list").forEach(variables::add);
    return variables;
  }

  /** Every expression for Prometheus. */
  Set<String> promQl() {
    Set<String> expressions = new TreeSet<>();
    for (JsonNode panel : panels()) {
      panel
          .path("targets")
          .forEach(
              target -> {
                if (target.has("expr")) {
                  expressions.add(target.path("expr").asText());
                }
              });
    }
    return expressions;
  }

  /** Every panel whose query is SQL, by title. */
  Map<String, JsonNode> sqlPanels() {
    Map<String, JsonNode> byTitle = new LinkedHashMap<>();
    for (JsonNode panel : panels()) {
      if (panel.path("targets").path(0).has("rawSql")) {
        byTitle.put(panel.path("title").asText(), panel);
      }
    }
    return byTitle;
  }
}
