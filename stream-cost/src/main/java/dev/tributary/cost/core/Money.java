package dev.tributary.cost.core;

/**
 * The money measures of a window, ledger currency. The order is the format of partials and of the
 * state store: new ones go to the end.
 */
enum Money {
  /** Known cost of reported and derived usage. */
  COST,
  /** Known cost of estimated usage. */
  COST_ESTIMATED,
  /** Part of both whose feature was found without rule or default. */
  COST_ATTRIBUTED,
  /** Part of both spent by evaluators. */
  COST_EVAL;

  /** Number of amounts. */
  static final int SIZE = values().length;

  /** Position in arrays and in the format. */
  @SuppressWarnings("EnumOrdinal") // the order is the format
  int at() {
    return ordinal();
  }
}
