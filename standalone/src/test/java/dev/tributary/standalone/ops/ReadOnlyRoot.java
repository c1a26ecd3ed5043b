package dev.tributary.standalone.ops;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A container's read-only root for a process of this machine, by a mount namespace of its own. */
final class ReadOnlyRoot {
  /** The folders come first, each as an argument, then a dash, then the command. */
  private static final String SCRIPT =
      "while [ \"$1\" != - ]; do mount --bind \"$1\" \"$1\" || exit 70; shift; done; shift;"
          + " mount -o remount,bind,ro / && cd / && exec \"$@\"";

  private static final String TRY = "touch \"$1/written\" && ! touch \"$1.beside\" 2> /dev/null";

  private static final long LIMIT_S = 30;

  private ReadOnlyRoot() {}

  /**
   * Whether this machine allows it: a file in a volume can be written then, one beside it cannot.
   *
   * @param volume an empty folder
   */
  static boolean isPossible(Path volume) throws InterruptedException {
    List<String> command = launcher(List.of(volume));
    command.addAll(List.of("sh", "-c", TRY, "sh", volume.toString()));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(LIMIT_S, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) { // there is no such program
      return false;
    }
  }

  /** What stands before a command that may write below these folders only. */
  static List<String> launcher(List<Path> writable) {
    List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", SCRIPT, "sh"));
    writable.forEach(folder -> command.add(folder.toString()));
    command.add("-");
    return command;
  }
}
