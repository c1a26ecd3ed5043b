package dev.tributary.runtime.config;

import java.util.List;

/** Settings as documentation. */
final class SettingsTable {
  private SettingsTable() {}

  static String markdown(List<Setting<?>> settings) {
    StringBuilder text =
        new StringBuilder("| setting | type | default | meaning |\n|---|---|---|---|\n");
    for (Setting<?> setting : settings) {
      String key = setting.isPrefix() ? setting.key() + "*" : setting.key();
      text.append("| `").append(key).append("` | ").append(setting.type()).append(" | ");
      text.append(defaultOf(setting)).append(" | ").append(setting.meaning());
      if (!setting.allowed().isEmpty()) {
        text.append(" (").append(String.join("; ", setting.allowed())).append(')');
      }
      text.append(" |\n");
    }
    return text.toString();
  }

  private static String defaultOf(Setting<?> setting) {
    String text = setting.defaultText();
    if (text == null) {
      return setting.isPrefix() ? "" : "required";
    }
    return text.isEmpty() ? "" : "`" + text + "`";
  }
}
