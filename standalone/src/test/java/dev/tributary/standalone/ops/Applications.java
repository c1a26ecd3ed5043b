package dev.tributary.standalone.ops;

import dev.tributary.alertrouter.AlertRouterConfig;
import dev.tributary.alertrouter.AlertRouterMain;
import dev.tributary.console.ConsoleConfig;
import dev.tributary.console.ConsoleMain;
import dev.tributary.evalworker.EvalWorkerConfig;
import dev.tributary.evalworker.EvalWorkerMain;
import dev.tributary.normalize.NormalizeMain;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.sink.clickhouse.SinkMain;
import dev.tributary.standalone.TributaryMain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** What the image's main classes read, whoever starts them. */
final class Applications {
  private Applications() {}

  /** A process's settings, read as it would read them. */
  static Settings settings(Class<?> mainClass, Map<String, String> environment)
      throws ReflectiveOperationException {
    return Settings.load(null, environment, new Properties(), known(mainClass));
  }

  /** All settings that the application with this main class knows. */
  static List<Setting<?>> known(Class<?> mainClass) throws ReflectiveOperationException {
    if (mainClass == SinkMain.class) {
      return SinkConfig.allSettings();
    }
    if (mainClass == AlertRouterMain.class) {
      return AlertRouterConfig.allSettings();
    }
    if (mainClass == ConsoleMain.class) {
      return ConsoleConfig.allSettings();
    }
    if (mainClass == EvalWorkerMain.class) {
      return EvalWorkerConfig.allSettings();
    }
    if (mainClass == TributaryMain.class) {
      List<Setting<?>> all = new ArrayList<>(SinkConfig.allSettings());
      all.addAll(known(NormalizeMain.class));
      return all;
    }
    return ((StreamsApp) mainClass.getField("APP").get(null)).allSettings();
  }

  /** Whether it runs a topology, and so has a state folder. */
  static boolean isStreams(Class<?> mainClass) {
    return Stream.of(mainClass.getFields()).anyMatch(field -> field.getType() == StreamsApp.class);
  }
}
