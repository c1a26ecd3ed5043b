package dev.tributary.runtime.serde;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Confluent's real Avro serializer 7.9.2 for tests, from the jars that this module's build unpacks
 * into {@code stream-runtime/target/confluent}. In the test jar, so that other modules' tests may
 * run with these classes named in their configuration: build them with {@code -am}, and start
 * threads that use the classes inside {@link #with}, because Confluent's code loads its own classes
 * through the thread's context class loader (new threads inherit it).
 */
public final class ConfluentClasses {

  /** Value serializer, as it would be named in a configuration. */
  public static final String SERIALIZER = "io.confluent.kafka.serializers.KafkaAvroSerializer";

  /** Value deserializer. */
  public static final String DESERIALIZER = "io.confluent.kafka.serializers.KafkaAvroDeserializer";

  private static final ClassLoader LOADER = loader();

  private ConfluentClasses() {}

  /** Runs code that finds Confluent's classes, also by name from configuration. */
  public static <T> T with(Callable<T> code) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(LOADER);
    try {
      return code.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The unpacked jars; fails where the build has not unpacked them. */
  public static List<Path> jars() {
    Path folder =
        Path.of(System.getProperty("tributary.root", ".."), "stream-runtime/target/confluent");
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      if (jars.isEmpty()) {
        throw new IllegalStateException("no jars in " + folder.toAbsolutePath());
      }
      return jars;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Confluent's jars are unpacked by the build of stream-runtime (-am)", e);
    }
  }

  private static ClassLoader loader() {
    URL[] urls =
        jars().stream()
            .map(
                jar -> {
                  try {
                    return jar.toUri().toURL();
                  } catch (MalformedURLException e) {
                    throw new UncheckedIOException(e);
                  }
                })
            .toArray(URL[]::new);
    return new URLClassLoader("confluent", urls, ConfluentClasses.class.getClassLoader());
  }
}
