package dev.tributary.standalone;

/** A process in which the command of its arguments fails while the process ends. */
final class EndingTool {
  private EndingTool() {}

  public static void main(String[] args) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> System.out.println("code " + TributaryMain.run(args)), "command"));
  }
}
