package dev.tributary.standalone.ops;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The little of kustomize that is used here; anything else in a {@code kustomization.yaml} is
 * refused. Names stay without the hash that kustomize adds to those of maps.
 *
 * @param namespace of all objects; empty: none
 * @param files of manifests, from the repository's root
 * @param configMaps those that it makes
 * @param images tags by the name that manifests use
 */
record Kustomization(
    String namespace, List<String> files, List<ConfigMap> configMaps, Map<String, String> images) {
  private static final String NAME = "/kustomization.yaml";
  private static final Set<String> KEYS =
      Set.of("apiVersion", "kind", "namespace", "resources", "images", "configMapGenerator");

  static Kustomization read(String folder) throws IOException {
    JsonNode root = OpsFiles.yaml(folder + NAME);
    refuseOthers(root, KEYS);
    List<String> files = new ArrayList<>();
    List<ConfigMap> maps = new ArrayList<>();
    for (JsonNode resource : root.path("resources")) {
      String path = OpsFiles.relative(folder, resource.asText());
      if (Files.isDirectory(OpsFiles.path(path))) {
        Kustomization below = read(path);
        files.addAll(below.files);
        maps.addAll(below.configMaps);
      } else {
        files.add(path);
      }
    }
    for (JsonNode generator : root.path("configMapGenerator")) {
      maps.add(configMap(folder, generator));
    }
    Map<String, String> images = new LinkedHashMap<>();
    for (JsonNode image : root.path("images")) {
      refuseOthers(image, Set.of("name", "newName", "newTag"));
      images.put(image.path("name").asText(), image.path("newTag").asText());
    }
    return new Kustomization(root.path("namespace").asText(), files, maps, images);
  }

  private static ConfigMap configMap(String folder, JsonNode generator) throws IOException {
    refuseOthers(generator, Set.of("name", "options", "literals", "files"));
    refuseOthers(generator.path("options"), Set.of("labels"));
    Map<String, String> data = new LinkedHashMap<>();
    for (JsonNode literal : generator.path("literals")) {
      String[] parts = literal.asText().split("=", 2);
      data.put(parts[0], parts[1]);
    }
    for (JsonNode file : generator.path("files")) {
      String path = OpsFiles.relative(folder, file.asText());
      // Refused by kustomize, too, which takes no files from outside.
      if (!path.startsWith(folder + "/")) {
        throw new IllegalArgumentException(file.asText() + " is not below " + folder);
      }
      data.put(file.asText(), Files.readString(OpsFiles.path(path)));
    }
    Map<String, String> labels = new LinkedHashMap<>();
    generator
        .path("options")
        .path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(generator.path("name").asText())
        .withLabels(labels)
        .endMetadata()
        .withData(data)
        .build();
  }

  private static void refuseOthers(JsonNode node, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw new IllegalArgumentException(name + " is none of " + known);
              }
            });
  }
}
