package dev.tributary.standalone.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --data}: which instance a command means. */
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".tributary",
      description = "Folder with the instance's data (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of(".tributary");

  Path folder() {
    return folder;
  }
}
