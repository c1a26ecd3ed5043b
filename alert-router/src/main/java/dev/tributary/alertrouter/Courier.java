package dev.tributary.alertrouter;

import dev.tributary.alertrouter.core.Answer;
import dev.tributary.alertrouter.core.Notification;
import java.util.List;

/** Brings notifications to their receivers, several at a time, and collects the answers. */
interface Courier {
  /**
   * An answer and to what.
   *
   * @param notification what was sent
   * @param answer what came of it
   */
  record Answered(Notification notification, Answer answer) {}

  /** Begins to send; the answer is among {@link #answers} some time later. */
  void send(Notification notification);

  /** The answers that have come since the last call. */
  List<Answered> answers();
}
