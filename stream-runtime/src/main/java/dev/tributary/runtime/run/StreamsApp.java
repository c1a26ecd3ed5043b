package dev.tributary.runtime.run;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.streams.Topology;

/**
 * An application: what to run. How is the business of {@link StreamsRunner}.
 *
 * @param name short, as {@code attribution}: the end of the application id and the label {@code
 *     module} of its metrics
 * @param settings the application's own settings; the common ones come by themselves
 * @param topology makes the topology; called once per start
 */
public record StreamsApp(
    String name, List<Setting<?>> settings, Function<AppContext, Topology> topology) {

  /** Checks the name, which becomes part of topic and group names. */
  public StreamsApp {
    if (!name.matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException("lower-case letters, digits and dashes: " + name);
    }
    settings = List.copyOf(settings);
  }

  /** All settings of a process that runs this application: common ones first, then its own. */
  public List<Setting<?>> allSettings() {
    List<Setting<?>> all = new ArrayList<>(CommonSettings.CLIENTS);
    all.addAll(CommonSettings.STREAMS);
    all.addAll(settings);
    return List.copyOf(all);
  }
}
