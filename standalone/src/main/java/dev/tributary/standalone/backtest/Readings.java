package dev.tributary.standalone.backtest;

import dev.tributary.anomaly.core.Reading;
import dev.tributary.anomaly.core.SeriesStatus;
import java.util.List;

/** What was found of each row of a file; 17 bytes a row. */
final class Readings {
  private static final List<SeriesStatus> STATUSES = List.of(SeriesStatus.values());

  private final double[] scores;
  private final double[] baselines;
  private final byte[] statuses;

  Readings(int rows) {
    this.scores = new double[rows];
    this.baselines = new double[rows];
    this.statuses = new byte[rows];
  }

  void put(int row, Reading reading, double score) {
    scores[row] = score;
    baselines[row] = reading.baseline();
    statuses[row] = octet(reading.status());
  }

  /** Gives a row without a place in time what the row above it has, and score 0. */
  void carry(int row) {
    scores[row] = 0;
    baselines[row] = row == 0 ? Double.NaN : baselines[row - 1];
    statuses[row] = row == 0 ? octet(SeriesStatus.WARMUP) : statuses[row - 1];
  }

  private static byte octet(SeriesStatus status) {
    return (byte) STATUSES.indexOf(status);
  }

  double score(int row) {
    return scores[row];
  }

  double baseline(int row) {
    return baselines[row];
  }

  SeriesStatus status(int row) {
    return STATUSES.get(statuses[row]);
  }
}
