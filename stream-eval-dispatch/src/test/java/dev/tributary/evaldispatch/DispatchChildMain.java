package dev.tributary.evaldispatch;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.run.RunningApp;
import dev.tributary.runtime.run.StreamsRunner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The application in a process of its own, which {@code DispatchIT} kills. */
final class DispatchChildMain {
  private DispatchChildMain() {}

  /** Arguments: how far its clock is ahead, then settings as {@code key=value}. */
  public static void main(String[] args) throws InterruptedException {
    Map<String, String> texts = new HashMap<>();
    for (int i = 1; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      texts.put(args[i].substring(0, equals), args[i].substring(equals + 1));
    }
    RunningApp app =
        StreamsRunner.start(
            DispatchMain.APP,
            Settings.of(texts, DispatchMain.APP.allSettings()),
            RunOptions.of(new SimpleMeterRegistry())
                .withClock(Clock.offset(Clock.systemUTC(), Duration.parse(args[0]))));
    System.exit(app.awaitEnd().code());
  }
}
