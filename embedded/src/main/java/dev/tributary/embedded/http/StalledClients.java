package dev.tributary.embedded.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends the wait of a server's thread for a client that neither sends nor reads: as many of them as
 * there are threads would keep everybody else out for ever. A thread that waits too long is
 * interrupted, which closes the connection. The JDK's own limits ({@code
 * sun.net.httpserver.maxReqTime}, {@code maxRspTime}) end these waits, too, but also an upload that
 * goes on and a statement that runs.
 */
public final class StalledClients implements AutoCloseable {
  private static final int CHECKS_PER_LIMIT = 4;

  /** What a slow client takes within the limit is no stall, so long writes are several. */
  private static final int WRITE_BYTES = 64 << 10;

  private static final ThreadLocal<Wait> OF_THREAD = new ThreadLocal<>();

  private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock;
  private final long limitNanos;

  /** Something that reads from a client or writes to it. */
  @FunctionalInterface
  public interface Transfer {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * Ends waits for the clients of one server.
   *
   * @param name name of its thread
   * @param limit longest wait; up to a quarter of it more may pass
   */
  public StalledClients(String name, Duration limit) {
    limitNanos = limit.toNanos();
    clock =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    long period = Math.max(1, limitNanos / CHECKS_PER_LIMIT);
    var unused = clock.scheduleAtFixedRate(this::check, period, period, TimeUnit.NANOSECONDS);
  }

  private void check() {
    long now = System.nanoTime();
    waits.forEach(wait -> wait.loseAfter(limitNanos, now));
  }

  /** The task of a server's executor: all of it is one wait, or with {@link #filter} the head. */
  public Runnable with(Runnable task) {
    return () -> {
      Wait wait = new Wait(Thread.currentThread());
      waits.add(wait);
      OF_THREAD.set(wait);
      boolean isWithin = wait.begin();
      try {
        task.run();
      } finally {
        wait.end(isWithin);
        OF_THREAD.remove();
        waits.remove(wait);
      }
    };
  }

  /**
   * For a handler that may work as long as it likes: only each of its reads and writes is a wait,
   * and what it does by {@link #await}.
   */
  public static Filter filter() {
    return new Filter() {
      @Override
      public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        Wait wait = OF_THREAD.get();
        if (wait != null) {
          wait.end(false);
        }
        exchange.setStreams(
            new Input(exchange.getRequestBody()), new Output(exchange.getResponseBody()));
        chain.doFilter(exchange);
      }

      @Override
      public String description() {
        return "ends waits for clients";
      }
    };
  }

  /** Does what waits for the client of this thread's task: sending the head, closing. */
  public static void await(Transfer transfer) throws IOException {
    Wait wait = OF_THREAD.get();
    if (wait == null) {
      transfer.run();
      return;
    }
    boolean isWithin = wait.begin();
    try {
      transfer.run();
    } finally {
      wait.end(isWithin);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  /** The waits of one thread, one after the other. */
  private static final class Wait {
    private final Thread thread;
    private long sinceNanos;
    private boolean isWaiting;
    private boolean isLost;

    Wait(Thread thread) {
      this.thread = thread;
    }

    /** True: it goes on with a wait that has begun before. */
    synchronized boolean begin() {
      boolean isWithin = isWaiting;
      isWaiting = true;
      sinceNanos = System.nanoTime();
      return isWithin;
    }

    synchronized void end(boolean isWithin) {
      isWaiting = isWithin;
      if (isLost && !isWithin) {
        // The connection is closed, or the client was just in time: what comes next starts anew.
        var unused = Thread.interrupted();
        isLost = false;
      }
    }

    synchronized void loseAfter(long limitNanos, long now) {
      if (isWaiting && !isLost && now - sinceNanos >= limitNanos) {
        isLost = true;
        thread.interrupt();
      }
    }
  }

  private static final class Input extends FilterInputStream {
    Input(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int[] count = new int[1];
      await(() -> count[0] = in.read(bytes, from, length));
      return count[0];
    }

    @Override
    public long skip(long most) throws IOException {
      long[] count = new long[1];
      await(() -> count[0] = in.skip(most));
      return count[0];
    }

    @Override
    public void close() throws IOException {
      await(in::close);
    }
  }

  private static final class Output extends FilterOutputStream {
    Output(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int one) throws IOException {
      await(() -> out.write(one));
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      for (int done = 0; done < length; done += WRITE_BYTES) {
        int start = from + done;
        int part = Math.min(WRITE_BYTES, length - done);
        await(() -> out.write(bytes, start, part));
      }
    }

    @Override
    public void flush() throws IOException {
      await(out::flush);
    }

    @Override
    public void close() throws IOException {
      await(out::close);
    }
  }
}
