package dev.tributary.normalize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tributary.normalize.core.ScopeRule;
import dev.tributary.normalize.core.TagMapping;
import dev.tributary.schemas.UsageConvention;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the rules that are data: {@code tags.yaml} and {@code scopes.yaml} in the jar. */
final class RuleFiles {
  private static final YAMLMapper YAML = new YAMLMapper();

  private RuleFiles() {}

  /** The built-in mapping of tags. */
  static TagMapping tags() {
    JsonNode root = read("tags.yaml");
    List<String> prefixes = texts(root.path("metadata_prefixes"));
    Map<String, TagMapping.Sources> sources = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> tag : root.path("tags").properties()) {
      List<String> span = new ArrayList<>(texts(tag.getValue().path("span")));
      for (String prefix : prefixes) {
        for (String name : texts(tag.getValue().path("metadata"))) {
          span.add(prefix + name);
        }
      }
      sources.put(
          tag.getKey(), new TagMapping.Sources(span, texts(tag.getValue().path("resource"))));
    }
    return new TagMapping(sources);
  }

  /** What is known about instrumentations. */
  static List<ScopeRule> scopes() {
    List<ScopeRule> rules = new ArrayList<>();
    for (JsonNode row : read("scopes.yaml").path("scopes")) {
      String convention = text(row, "convention");
      String estimate = text(row, "estimate");
      rules.add(
          new ScopeRule(
              row.path("scope").asText(),
              text(row, "from"),
              text(row, "to"),
              text(row, "provider"),
              text(row, "attribute"),
              convention == null
                  ? null
                  : UsageConvention.valueOf(convention.toUpperCase(Locale.ROOT)),
              "outside".equals(text(row, "reasoning")),
              estimate == null
                  ? ScopeRule.Estimate.NEVER
                  : ScopeRule.Estimate.valueOf(estimate.toUpperCase(Locale.ROOT)),
              row.path("source").asText()));
    }
    return rules;
  }

  private static JsonNode read(String name) {
    try (InputStream in = RuleFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: " + name);
      }
      return YAML.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>(list.size());
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static @Nullable String text(JsonNode row, String name) {
    JsonNode value = row.path(name);
    return value.isMissingNode() || value.isNull() ? null : value.asText();
  }
}
