package dev.tributary.alertrouter;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A router in a process of its own that stands still at a given moment between delivery and commit,
 * to be killed there. Arguments: the step, how often it is passed before, then settings as
 * key=value.
 */
final class RouterChildMain {
  static final String REACHED = "REACHED";

  private RouterChildMain() {}

  public static void main(String[] args) throws InterruptedException {
    String step = args[0];
    AtomicInteger left = new AtomicInteger(Integer.parseInt(args[1]));
    AtomicBoolean delivered = new AtomicBoolean();
    Map<String, String> texts = new HashMap<>();
    for (int i = 2; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      texts.put(args[i].substring(0, equals), args[i].substring(equals + 1));
    }
    AlertRouter router =
        AlertRouter.start(
            Settings.of(texts, AlertRouterConfig.allSettings()),
            RunOptions.of(new SimpleMeterRegistry()),
            reached -> {
              delivered.compareAndSet(false, reached.equals(FaultPoints.AFTER_DELIVERY));
              // Commits of what was only dropped are not what is looked for.
              if (reached.equals(FaultPoints.BEFORE_COMMIT) && !delivered.get()) {
                return;
              }
              if (reached.equals(step) && left.getAndDecrement() == 0) {
                System.out.println(REACHED);
                standStill();
              }
            });
    if (!router.awaitEnd()) {
      System.out.println("FAILED " + router.status());
    }
  }

  private static void standStill() {
    while (true) {
      LockSupport.park();
    }
  }
}
