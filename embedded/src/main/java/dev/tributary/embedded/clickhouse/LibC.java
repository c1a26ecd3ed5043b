package dev.tributary.embedded.clickhouse;

import com.sun.jna.Native;

/** The one system call the child needs. */
final class LibC {

  private LibC() {}

  /**
   * Leaves the terminal's process group: Ctrl-C then reaches only the parent, which stops the child
   * after everything that still writes into it.
   */
  static void leaveTerminal() {
    Native.register(LibC.class, "c");
    setsid();
  }

  /** Fails only for the leader of a process group, which has left the terminal already. */
  private static native int setsid();
}
