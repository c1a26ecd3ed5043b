package dev.tributary.alertrouter.core;

/** State of an episode, as its alert says it. */
public enum EpisodeState {
  OPENED(false),
  UPDATED(false),
  AMENDED(false),
  RESOLVED(true),
  /** The level is accepted as the new normal: nothing is left to act on. */
  LEVEL_SHIFT(true);

  private final boolean closing;

  EpisodeState(boolean closing) {
    this.closing = closing;
  }

  /** True: the episode is over. */
  public boolean isClosing() {
    return closing;
  }
}
