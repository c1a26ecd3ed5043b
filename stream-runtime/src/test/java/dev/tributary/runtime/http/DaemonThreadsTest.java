package dev.tributary.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {
  /** An error that is nobody's reaches the handler of the process, which may end it. */
  @Test
  void errorOfATask_isTold_leavesTheProcessAlone_andTheNextGoesOn() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    List<Throwable> ofTheProcess = new CopyOnWriteArrayList<>();
    List<String> ran = new CopyOnWriteArrayList<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> ofTheProcess.add(error));
    try {
      ExecutorService pool =
          Executors.newFixedThreadPool(1, new DaemonThreads("worker", failed::countDown));
      pool.execute(
          () -> {
            ran.add(Thread.currentThread().getName());
            throw new LinkageError("planted");
          });
      pool.execute(
          () -> ran.add(Thread.currentThread().getName() + Thread.currentThread().isDaemon()));
      pool.shutdown();
      assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      // Told by the thread that ends, which the pool does not wait for.
      assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }

    assertThat(ran).containsExactly("worker-1", "worker-2true");
    assertThat(ofTheProcess).isEmpty();
  }
}
