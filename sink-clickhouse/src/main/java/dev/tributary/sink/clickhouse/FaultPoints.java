package dev.tributary.sink.clickhouse;

/** The moments between the steps of the protocol, so that tests can die at each of them. */
@FunctionalInterface
interface FaultPoints {
  String BEFORE_INTENT = "before-intent";
  String AFTER_INTENT = "after-intent";
  String BEFORE_INSERT = "before-insert";
  String AFTER_INSERT = "after-insert";
  String BEFORE_END = "before-end";
  String AFTER_END = "after-end";

  /** Nothing ever happens. */
  FaultPoints NONE = step -> {};

  /** The loader is at the step; may not return. */
  void reach(String step);
}
