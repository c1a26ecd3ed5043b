package dev.tributary.runtime.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The resolved configuration of a process: file, then environment, then {@code -D}; the later wins.
 * Immutable and safe for use by several threads.
 */
public final class Settings {
  /** What stands for a secret wherever a value is shown. */
  static final String MASK = "****";

  /** A text and where it came from. */
  record Given(String text, String source) {}

  private final Map<String, Given> given;
  private final Map<String, Setting<?>> known;
  private final Map<String, Object> parsed = new ConcurrentHashMap<>();

  Settings(Map<String, Given> given, Map<String, Setting<?>> known) {
    this.given = Map.copyOf(given);
    this.known = new TreeMap<>(known);
  }

  /**
   * Resolves and validates all settings of a process.
   *
   * @param file Java properties, or YAML (by the ending {@code .yaml} or {@code .yml}); null: none
   * @param environment the process environment; only {@code TRIBUTARY_*} is read
   * @param system the system properties; only {@code tributary.*} is read
   * @param known every setting of the process; the list may name the same setting twice
   * @throws ConfigException naming every unknown key with its nearest known one, every value that
   *     is not allowed, and every missing required setting
   */
  public static Settings load(
      @Nullable Path file,
      Map<String, String> environment,
      Properties system,
      Collection<? extends Setting<?>> known) {
    return new SettingsLoader(known).load(file, environment, system);
  }

  /** Settings from given texts, for tests; a key may be read whether it was declared or not. */
  public static Settings of(Map<String, String> values) {
    Map<String, Given> given = new HashMap<>();
    values.forEach((key, text) -> given.put(key, new Given(text, "code")));
    return new Settings(given, Map.of());
  }

  /** Settings from given texts, checked against the known settings as {@link #load} does. */
  public static Settings of(Map<String, String> values, Collection<? extends Setting<?>> known) {
    return new SettingsLoader(known).resolve(values);
  }

  /** The same settings with some replaced; for several instances or applications in one process. */
  public Settings with(Map<String, String> overrides) {
    Map<String, Given> merged = new HashMap<>(given);
    overrides.forEach((key, text) -> merged.put(key, new Given(text, "code")));
    Settings result = new Settings(merged, known);
    known.values().stream().filter(setting -> !setting.isPrefix()).forEach(result::get);
    return result;
  }

  /** The same settings with other defaults: what was given anywhere still wins over them. */
  public Settings withDefaults(Map<String, String> defaults) {
    Map<String, String> missing = new HashMap<>(defaults);
    missing.keySet().removeAll(given.keySet());
    return with(missing);
  }

  /** Whether file, environment, {@code -D} or code state it, rather than its default. */
  public boolean isGiven(Setting<?> setting) {
    return given.containsKey(setting.key());
  }

  /**
   * The value of a setting: given, or its default.
   *
   * @throws ConfigException when the value is not allowed, or a required setting is missing
   * @throws IllegalArgumentException when the setting was not among those known at load
   */
  @SuppressWarnings("unchecked")
  public <T> T get(Setting<T> setting) {
    if (!known.isEmpty() && !known.containsKey(setting.key())) {
      throw new IllegalArgumentException("not declared at load: " + setting.key());
    }
    Object value = parsed.get(setting.key());
    if (value == null) {
      value = setting.isPrefix() ? below(setting.key()) : parse(setting);
      parsed.put(setting.key(), value);
    }
    return (T) value;
  }

  /** {@code key = value}, as the effective configuration shows it. */
  public String describe(Setting<?> setting) {
    return setting.key() + " = " + shown(setting);
  }

  private <T> Object parse(Setting<T> setting) {
    Given found = given.get(setting.key());
    if (found != null) {
      return setting.parse(found.text(), found.source());
    }
    String text = setting.defaultText();
    if (text == null) {
      throw new ConfigException(
          setting.key() + " is missing; it has no default: " + setting.meaning());
    }
    return setting.parse(text, "its default");
  }

  private Map<String, String> below(String prefix) {
    Map<String, String> found = new TreeMap<>();
    given.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            found.put(key.substring(prefix.length()), value.text());
          }
        });
    return Map.copyOf(found);
  }

  /**
   * The effective configuration for the log: one {@code key = value (source)} line per known
   * setting in the order of keys, secrets masked.
   */
  public String effective() {
    Map<String, String> lines = new TreeMap<>();
    for (Setting<?> setting : known.values()) {
      if (!setting.isPrefix()) {
        lines.put(setting.key(), shown(setting));
      }
    }
    given.forEach(
        (key, value) -> {
          if (!lines.containsKey(key)) {
            String text = Secrets.looksSecret(key) ? MASK : value.text();
            lines.put(key, text + " (" + value.source() + ")");
          }
        });
    StringBuilder text = new StringBuilder();
    lines.forEach((key, line) -> text.append(key).append(" = ").append(line).append('\n'));
    return text.toString();
  }

  private <T> String shown(Setting<T> setting) {
    Given found = given.get(setting.key());
    if (setting.isSecret()) {
      return found == null || found.text().isEmpty() ? "(not set)" : MASK;
    }
    String text = setting.print(get(setting));
    return found == null ? text : text + " (" + found.source() + ")";
  }

  /** The Markdown table that a README contains: key, type, default, meaning. */
  public static String table(Collection<? extends Setting<?>> settings) {
    return SettingsTable.markdown(List.copyOf(settings));
  }

  @Override
  public String toString() {
    return effective();
  }
}
