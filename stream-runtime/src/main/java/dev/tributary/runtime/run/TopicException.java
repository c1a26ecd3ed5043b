package dev.tributary.runtime.run;

import java.util.List;

/** The topics of the cluster are not as the catalogue and the configuration say. */
public final class TopicException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TopicException(List<String> problems) {
    super("topics are not as needed: " + String.join("; ", problems));
  }

  public TopicException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
