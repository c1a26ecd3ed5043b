package dev.tributary.anomaly;

import dev.tributary.runtime.run.StreamsRunner;
import dev.tributary.runtime.serde.InMemoryRegistry;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.WindowRecord;

/** The application in a process of its own, which {@code AnomalyIT} kills. */
final class AnomalyChild {
  private AnomalyChild() {}

  public static void main(String[] args) {
    registerSchemas(args[0]);
    System.exit(StreamsRunner.run(AnomalyMain.APP, new String[0]));
  }

  /** In one order, so that the in-memory registries of all processes give the same ids. */
  static void registerSchemas(String registryUrl) {
    InMemoryRegistry registry = InMemoryRegistry.shared(registryUrl.substring("mock://".length()));
    registry.register(Topics.WINDOWS.name() + "-value", WindowRecord.getClassSchema().toString());
    registry.register(Topics.REF.name() + "-value", Reference.getClassSchema().toString());
    registry.register(Topics.EVENTS.name() + "-value", Event.getClassSchema().toString());
    registry.register(Topics.SIGNALS.name() + "-value", Signal.getClassSchema().toString());
    registry.register(Topics.ANOMALIES.name() + "-value", Anomaly.getClassSchema().toString());
    registry.register(Topics.ALERTS.name() + "-value", Alert.getClassSchema().toString());
  }
}
