package dev.tributary.evalworker;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A worker in a process of its own that stands still at a point until it is killed. */
final class WorkerChildMain {
  static final String REACHED = "REACHED";
  static final String RUNS = "RUNS";

  /** The negative control: batches are not claimed. */
  static final String WITHOUT_CLAIMS = "without-claims=true";

  private WorkerChildMain() {}

  /** Arguments: point, how often it is passed before, then settings as {@code key=value}. */
  public static void main(String[] args) throws InterruptedException {
    String point = args[0];
    AtomicInteger left = new AtomicInteger(Integer.parseInt(args[1]));
    Map<String, String> texts = new HashMap<>();
    for (int i = 2; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      texts.put(args[i].substring(0, equals), args[i].substring(equals + 1));
    }
    boolean isClaiming = texts.remove("without-claims") == null;
    EvalWorker worker =
        EvalWorker.start(
            Settings.of(texts, EvalWorkerConfig.allSettings()),
            RunOptions.of(new SimpleMeterRegistry()),
            Jobs.content(Map.of()),
            reached -> {
              if (reached.equals(point) && left.getAndDecrement() == 0) {
                System.out.println(REACHED);
                while (true) {
                  LockSupport.park();
                }
              }
            },
            isClaiming);
    System.out.println(RUNS);
    worker.awaitEnd();
  }
}
