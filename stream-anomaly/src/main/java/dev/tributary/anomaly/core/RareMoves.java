package dev.tributary.anomaly.core;

/**
 * A series that mostly stands still, such as one of few calls with nothing between them. A scale of
 * errors that forgives single wild ones takes every move of such a series for one, and sees no
 * error at all; what it does by chance is told by how large its moves are and how often they come.
 */
final class RareMoves {
  private static final double MEMORY = 2000;

  /** A move counts as so many usual ones at most. */
  private static final double CLIP = 10;

  private static final int FREE = 24;

  /** It stands still if fewer windows than these differ from the one before. */
  private static final double MOST = 0.5;

  private double last = Double.NaN;
  private double moves;
  private double squares;
  private double count;

  void add(double value) {
    if (!Double.isNaN(last)) {
      count = Math.min(count + 1, MEMORY);
      double move = Math.abs(value - last);
      double usual = Math.sqrt(squares);
      if (count > FREE && usual > 0) {
        move = Math.min(move, CLIP * usual);
      }
      moves += ((value == last ? 0 : 1) - moves) / count;
      squares += (move * move - squares) / count;
    }
    last = value;
  }

  /**
   * Standard deviation of a value, as its moves show it: a move there and back is two of one
   * distance. 0 for a series that does not stand still.
   */
  double sigma() {
    return moves < MOST ? Math.sqrt(squares / 2) : 0;
  }

  void save(StateWriter to) {
    to.number(last).number(moves).number(squares).number(count);
  }

  void load(StateReader from) {
    last = from.number();
    moves = from.number();
    squares = from.number();
    count = from.number();
  }
}
