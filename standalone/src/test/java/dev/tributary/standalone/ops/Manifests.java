package dev.tributary.standalone.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Objects of Kubernetes, read as its own types: what those do not have, or have as another type, is
 * an error, as it is to the API server.
 *
 * @param objects in the order of the files
 */
record Manifests(List<HasMetadata> objects) {
  static final String FOLDER = "ops/kubernetes";

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "v1/Namespace", Namespace.class,
          "v1/ConfigMap", ConfigMap.class,
          "v1/Service", Service.class,
          "apps/v1/Deployment", Deployment.class,
          "apps/v1/StatefulSet", StatefulSet.class,
          "batch/v1/Job", Job.class,
          "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);

  private static final ObjectMapper STRICT = strict();

  Manifests {
    objects = List.copyOf(objects);
  }

  private static ObjectMapper strict() {
    return JsonMapper.builder()
        .annotationIntrospector(new NoAnySetter())
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            texts ->
                Stream.of(
                        CoercionInputShape.Integer,
                        CoercionInputShape.Float,
                        CoercionInputShape.Boolean)
                    .forEach(shape -> texts.setCoercion(shape, CoercionAction.Fail)))
        .build();
  }

  /** The types keep fields they do not know in a map; here they are to be refused. */
  private static final class NoAnySetter extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }

  /** The files that {@code kustomization.yaml} lists, and the maps that it makes. */
  static Manifests read() throws IOException {
    Kustomization kustomization = Kustomization.read(FOLDER);
    List<HasMetadata> objects = new ArrayList<>(kustomization.configMaps());
    for (String file : kustomization.files()) {
      for (JsonNode tree : OpsFiles.yamlDocuments(file)) {
        objects.add(object(tree));
      }
    }
    return new Manifests(objects);
  }

  /** As {@link #read()}, of a text with several documents. */
  static Manifests parse(String text) throws IOException {
    List<HasMetadata> objects = new ArrayList<>();
    for (JsonNode tree : OpsFiles.documents(text)) {
      objects.add(object(tree));
    }
    return new Manifests(objects);
  }

  private static HasMetadata object(JsonNode tree) throws JsonProcessingException {
    String kind = tree.path("apiVersion").asText() + "/" + tree.path("kind").asText();
    Class<? extends HasMetadata> type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalArgumentException("a " + kind + " is none of " + KINDS.keySet());
    }
    return STRICT.treeToValue(tree, type);
  }

  /** Those of a kind, by name. */
  <T extends HasMetadata> Map<String, T> of(Class<T> kind) {
    Map<String, T> found = new TreeMap<>();
    for (HasMetadata object : objects) {
      if (kind.isInstance(object)
          && found.put(object.getMetadata().getName(), kind.cast(object)) != null) {
        throw new IllegalArgumentException("twice: " + object.getMetadata().getName());
      }
    }
    return found;
  }

  /** Everything that runs pods, by name. */
  Map<String, Workload> workloads() {
    Map<String, Workload> found = new TreeMap<>();
    for (HasMetadata object : objects) {
      Workload.of(object)
          .ifPresent(
              workload -> {
                if (found.put(workload.name(), workload) != null) {
                  throw new IllegalArgumentException("twice: " + workload.name());
                }
              });
    }
    return found;
  }

  /** Those that run until they are stopped. */
  Map<String, Workload> lastingWorkloads() {
    Map<String, Workload> lasting = workloads();
    lasting.values().removeIf(workload -> workload.object() instanceof Job);
    return lasting;
  }

  /** What the maps hold, by name. */
  Map<String, Map<String, String>> configMaps() {
    Map<String, Map<String, String>> data = new TreeMap<>();
    of(ConfigMap.class).forEach((name, map) -> data.put(name, map.getData()));
    return data;
  }
}
