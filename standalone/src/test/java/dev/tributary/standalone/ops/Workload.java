package dev.tributary.standalone.ops;

import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What runs pods of one container.
 *
 * @param replicas pods of it; 1 for a Job
 * @param selector by which it knows its pods; null: a Job, which makes its own
 */
record Workload(
    HasMetadata object, int replicas, @Nullable LabelSelector selector, PodTemplateSpec template) {

  static Optional<Workload> of(HasMetadata object) {
    if (object instanceof Deployment deployment) {
      var spec = deployment.getSpec();
      return Optional.of(
          new Workload(object, spec.getReplicas(), spec.getSelector(), spec.getTemplate()));
    }
    if (object instanceof StatefulSet set) {
      var spec = set.getSpec();
      return Optional.of(
          new Workload(object, spec.getReplicas(), spec.getSelector(), spec.getTemplate()));
    }
    if (object instanceof Job job) {
      return Optional.of(new Workload(object, 1, null, job.getSpec().getTemplate()));
    }
    return Optional.empty();
  }

  String name() {
    return object.getMetadata().getName();
  }

  Map<String, String> podLabels() {
    return template.getMetadata().getLabels();
  }

  PodSpec pod() {
    return template.getSpec();
  }

  /** Its only container. */
  Container container() {
    if (pod().getContainers().size() != 1 || !pod().getInitContainers().isEmpty()) {
      throw new IllegalArgumentException(name() + " has not one container");
    }
    return pod().getContainers().get(0);
  }

  /** Whether it runs the image built here. */
  boolean isOwn() {
    return container().getImage().equals("tributary");
  }

  /** The first argument: the image's entry point is java. */
  Class<?> mainClass() throws ClassNotFoundException {
    return Class.forName(container().getArgs().get(0));
  }

  /** Bytes that the container may have. */
  long memoryLimit() {
    return Quantity.getAmountInBytes(container().getResources().getLimits().get("memory"))
        .longValueExact();
  }

  /** The number of a port that is given by name. */
  int port(IntOrString name) {
    return container().getPorts().stream()
        .filter(port -> Objects.equals(port.getName(), name.getStrVal()))
        .mapToInt(ContainerPort::getContainerPort)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name() + " has no port " + name));
  }

  /**
   * The container's environment, beside what its image sets.
   *
   * @param configMaps data by name
   * @param secrets data by name
   * @throws IllegalArgumentException naming what is referred to, not there, and not optional
   */
  Map<String, String> environment(
      Map<String, Map<String, String>> configMaps, Map<String, Map<String, String>> secrets) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (EnvFromSource from : container().getEnvFrom()) {
      if (from.getConfigMapRef() != null) {
        var map = from.getConfigMapRef();
        environment.putAll(all(configMaps, map.getName(), map.getOptional()));
      } else {
        var secret = from.getSecretRef();
        environment.putAll(all(secrets, secret.getName(), secret.getOptional()));
      }
    }
    for (EnvVar variable : container().getEnv()) {
      EnvVarSource from = variable.getValueFrom();
      if (from == null) {
        environment.put(variable.getName(), variable.getValue());
      } else if (from.getConfigMapKeyRef() != null) {
        ConfigMapKeySelector key = from.getConfigMapKeyRef();
        one(configMaps, key.getName(), key.getKey(), key.getOptional())
            .ifPresent(value -> environment.put(variable.getName(), value));
      } else {
        SecretKeySelector key = from.getSecretKeyRef();
        one(secrets, key.getName(), key.getKey(), key.getOptional())
            .ifPresent(value -> environment.put(variable.getName(), value));
      }
    }
    return environment;
  }

  /** Keys of secrets that become variables, one by one. */
  Set<String> secretKeys() {
    Set<String> keys = new TreeSet<>();
    for (EnvVar variable : container().getEnv()) {
      EnvVarSource from = variable.getValueFrom();
      if (from != null && from.getSecretKeyRef() != null) {
        keys.add(from.getSecretKeyRef().getKey());
      }
    }
    return keys;
  }

  /** Secrets that it reads in any way. */
  Set<String> secretNames() {
    Set<String> names = new TreeSet<>();
    for (EnvVar variable : container().getEnv()) {
      EnvVarSource from = variable.getValueFrom();
      if (from != null && from.getSecretKeyRef() != null) {
        names.add(from.getSecretKeyRef().getName());
      }
    }
    for (EnvFromSource from : container().getEnvFrom()) {
      if (from.getSecretRef() != null) {
        names.add(from.getSecretRef().getName());
      }
    }
    for (Volume volume : pod().getVolumes()) {
      if (volume.getSecret() != null) {
        names.add(volume.getSecret().getSecretName());
      }
    }
    return names;
  }

  private Map<String, String> all(
      Map<String, Map<String, String>> from, String name, @Nullable Boolean optional) {
    Map<String, String> found = from.get(name);
    if (found == null && !Boolean.TRUE.equals(optional)) {
      throw new IllegalArgumentException(name() + " needs " + name + ", of " + from.keySet());
    }
    return found == null ? Map.of() : found;
  }

  private Optional<String> one(
      Map<String, Map<String, String>> from, String name, String key, @Nullable Boolean optional) {
    String value = from.getOrDefault(name, Map.of()).get(key);
    if (value == null && !Boolean.TRUE.equals(optional)) {
      throw new IllegalArgumentException(name() + " needs " + key + " of " + name);
    }
    return Optional.ofNullable(value);
  }
}
