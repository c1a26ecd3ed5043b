package dev.tributary.attribution;

import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.runtime.serde.SerdeOptions;
import dev.tributary.runtime.serde.TopicSerdes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A schema registry that child processes can reach, in a folder that goes with it. */
final class RegistryServer implements AutoCloseable {
  private final Path folder;
  private final EmbeddedRegistry registry;
  private final TopicSerdes serdes;

  private RegistryServer(Path folder, EmbeddedRegistry registry) {
    this.folder = folder;
    this.registry = registry;
    this.serdes = TopicSerdes.create(SerdeOptions.of(registry.url()));
  }

  static RegistryServer start() {
    try {
      Path folder = Files.createTempDirectory("tributary-registry");
      return new RegistryServer(
          folder, EmbeddedRegistry.start(new EmbeddedRegistry.Options(folder, 0)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return registry.url();
  }

  TopicSerdes serdes() {
    return serdes;
  }

  @Override
  public void close() {
    serdes.close();
    registry.close();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
