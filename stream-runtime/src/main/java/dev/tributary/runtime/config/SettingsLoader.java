package dev.tributary.runtime.config;

import dev.tributary.runtime.config.Settings.Given;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Merges the sources, refuses what nobody knows, and parses every value once. */
final class SettingsLoader {
  private static final String ENVIRONMENT_PREFIX = "TRIBUTARY_";

  /** Read by the launcher, the build or the tests, not by an application. */
  private static final Set<String> RESERVED =
      Set.of(
          ProcessEnvironment.CONFIG_FILE_KEY,
          "tributary.chdb.library",
          "tributary.home",
          "tributary.java.opts",
          "tributary.root",
          "tributary.seed",
          "tributary.testdata",
          "tributary.golden.update");

  private static final String RESERVED_FOR_TESTS = "tributary.test.";

  private final Map<String, Setting<?>> known = new TreeMap<>();
  private final Map<String, Setting<?>> byEnvironmentName = new HashMap<>();
  private final List<Setting<?>> prefixes = new ArrayList<>();
  private final Map<String, Given> given = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  SettingsLoader(Collection<? extends Setting<?>> settings) {
    for (Setting<?> setting : settings) {
      Setting<?> before = known.put(setting.key(), setting);
      if (before != null && !before.equals(setting)) {
        throw new IllegalArgumentException("two settings of one key: " + setting.key());
      }
      if (setting.isPrefix()) {
        prefixes.add(setting);
      } else {
        byEnvironmentName.put(setting.environmentName(), setting);
      }
    }
  }

  Settings load(@Nullable Path file, Map<String, String> environment, Properties system) {
    if (file != null) {
      new TreeMap<>(SettingsFile.read(file))
          .forEach((key, text) -> take(key, text, "file " + file));
    }
    new TreeMap<>(environment).forEach(this::takeEnvironment);
    for (String key : new TreeMap<Object, Object>(system).keySet().toArray(new String[0])) {
      if (key.startsWith(Setting.KEY_PREFIX) && !isReserved(key)) {
        take(key, system.getProperty(key, ""), "-D" + key);
      }
    }
    return finish();
  }

  Settings resolve(Map<String, String> values) {
    new TreeMap<>(values).forEach((key, text) -> take(key, text, "code"));
    return finish();
  }

  private void take(String key, String text, String source) {
    if (isKnown(key)) {
      given.put(key, new Given(text, source));
    } else {
      refuse(key, key, text, source);
    }
  }

  private void takeEnvironment(String name, String text) {
    if (!name.startsWith(ENVIRONMENT_PREFIX)) {
      return;
    }
    Setting<?> setting = byEnvironmentName.get(name);
    String source = "environment " + name;
    if (setting != null) {
      given.put(setting.key(), new Given(text, source));
      return;
    }
    for (Setting<?> prefix : prefixes) {
      if (name.startsWith(prefix.environmentName())) {
        String rest = name.substring(prefix.environmentName().length());
        String key = prefix.key() + rest.toLowerCase(Locale.ROOT).replace('_', '.');
        given.put(key, new Given(text, source));
        return;
      }
    }
    String key = name.toLowerCase(Locale.ROOT).replace('_', '.');
    if (!isReserved(key)) {
      refuse(name, key, text, source);
    }
  }

  private boolean isKnown(String key) {
    Setting<?> setting = known.get(key);
    return (setting != null && !setting.isPrefix())
        || prefixes.stream()
            .anyMatch(prefix -> key.startsWith(prefix.key()) && !key.equals(prefix.key()));
  }

  private static boolean isReserved(String key) {
    return RESERVED.contains(key) || key.startsWith(RESERVED_FOR_TESTS);
  }

  private void refuse(String shownKey, String key, String text, String source) {
    String value = Secrets.looksSecret(key) ? Settings.MASK : '"' + text + '"';
    String nearest = NearestKey.of(key, known.keySet());
    String hint = nearest == null ? "" : "; did you mean " + nearest + "?";
    problems.add(shownKey + " = " + value + " (from " + source + ") is not a known setting" + hint);
  }

  private Settings finish() {
    Settings settings = new Settings(given, known);
    for (Setting<?> setting : known.values()) {
      try {
        settings.get(setting);
      } catch (ConfigException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return settings;
  }
}
