package dev.tributary.runtime.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What the operating system gave this process: the only reader of {@code System.getenv} and {@code
 * System.getProperty}.
 *
 * @param variables the environment
 * @param properties the system properties, a copy
 */
public record ProcessEnvironment(Map<String, String> variables, Properties properties) {
  /** Names the configuration file as {@code -D}; {@code TRIBUTARY_CONFIG} in the environment. */
  public static final String CONFIG_FILE_KEY = "tributary.config";

  /** The environment and properties of this process as they are now. */
  public static ProcessEnvironment current() {
    Properties copy = new Properties();
    for (String name : System.getProperties().stringPropertyNames()) {
      copy.setProperty(name, System.getProperty(name, ""));
    }
    return new ProcessEnvironment(Map.copyOf(System.getenv()), copy);
  }

  /** A variable of the environment; null when it is not set. */
  public @Nullable String variable(String name) {
    return variables.get(name);
  }

  /** A system property; null when it is not set. */
  public @Nullable String property(String name) {
    return properties.getProperty(name);
  }

  /** The command that started this JVM, for starting another one of the same kind. */
  public Path javaCommand() {
    return Path.of(properties.getProperty("java.home", ""), "bin", "java");
  }

  /** The class path of this JVM. */
  public String classPath() {
    return properties.getProperty("java.class.path", "");
  }

  /**
   * Settings for a main class: {@code --config FILE} wins over {@code -Dtributary.config} and
   * {@code TRIBUTARY_CONFIG}.
   *
   * @throws ConfigException also for any other argument
   */
  public Settings settings(String[] args, Collection<? extends Setting<?>> known) {
    return Settings.load(configFile(args), variables, properties, known);
  }

  private @Nullable Path configFile(String[] args) {
    if (args.length == 0) {
      String named = properties.getProperty(CONFIG_FILE_KEY);
      if (named == null) {
        named = variables.get(Setting.environmentName(CONFIG_FILE_KEY));
      }
      return named == null || named.isEmpty() ? null : Path.of(named);
    }
    if (args.length == 2 && "--config".equals(args[0])) {
      return Path.of(args[1]);
    }
    throw new ConfigException(
        "arguments are \"" + String.join(" ", args) + "\"; allowed: --config FILE, or none");
  }
}
