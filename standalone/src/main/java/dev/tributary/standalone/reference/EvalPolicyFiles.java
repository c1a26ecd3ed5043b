package dev.tributary.standalone.reference;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tributary.evaldispatch.PolicyReader;
import dev.tributary.evaldispatch.core.EvalPolicy;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.reference.ReferenceTimelines.Stated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads files of evaluation policies into rows; other types of policies have rows of their own. */
final class EvalPolicyFiles {
  private EvalPolicyFiles() {}

  static List<Stated> read(String tenant, List<Path> files) {
    ObjectMapper yamlReader =
        new YAMLMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    List<Stated> policies = new ArrayList<>();
    SortedSet<String> ids = new TreeSet<>();
    for (Path file : files) {
      try {
        String yaml = Files.readString(file);
        for (EvalPolicy policy : PolicyReader.readFile(file.toString(), tenant, yaml)) {
          if (!ids.add(policy.id())) {
            throw new PlatformException(file + ": id: a second policy of the name " + policy.id());
          }
        }
        for (JsonNode policy : yamlReader.readTree(yaml).path("policies")) {
          ObjectNode row = ((ObjectNode) policy).put("type", PolicyReader.TYPE);
          policies.add(
              new Stated(
                  ReferenceKind.POLICY,
                  "eval." + row.path("id").asText(),
                  null,
                  null,
                  new ObjectMapper().writeValueAsString(row)));
        }
      } catch (IOException e) {
        throw new PlatformException("cannot read " + file + ": " + e.getMessage(), e);
      } catch (IllegalArgumentException e) {
        throw new PlatformException(String.valueOf(e.getMessage()), e);
      }
    }
    return policies;
  }
}
