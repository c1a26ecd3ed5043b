package dev.tributary.embedded.registry;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** What a new version of a subject's schema must be able to do with its earlier versions. */
public enum Compatibility {
  /** Anything goes. */
  NONE(false, false, false),
  /** The new version reads data of the last one. */
  BACKWARD(true, false, false),
  /** The new version reads data of all earlier ones. */
  BACKWARD_TRANSITIVE(true, false, true),
  /** The last version reads data of the new one. */
  FORWARD(false, true, false),
  /** All earlier versions read data of the new one. */
  FORWARD_TRANSITIVE(false, true, true),
  /** Both directions, last version. */
  FULL(true, true, false),
  /** Both directions, all earlier versions. */
  FULL_TRANSITIVE(true, true, true);

  private final boolean newReadsOld;
  private final boolean oldReadsNew;
  private final boolean isTransitive;

  Compatibility(boolean newReadsOld, boolean oldReadsNew, boolean isTransitive) {
    this.newReadsOld = newReadsOld;
    this.oldReadsNew = oldReadsNew;
    this.isTransitive = isTransitive;
  }

  /**
   * Why {@code next} must not follow {@code earlier}, in Avro's words; empty where it may.
   *
   * @param earlier live versions, oldest first
   */
  List<String> objections(Schema next, List<Schema> earlier) {
    int first = isTransitive ? 0 : Math.max(0, earlier.size() - 1);
    List<String> objections = new ArrayList<>();
    for (Schema old : earlier.subList(first, earlier.size())) {
      if (newReadsOld) {
        addObjections("reading older data: ", next, old, objections);
      }
      if (oldReadsNew) {
        addObjections("older readers: ", old, next, objections);
      }
    }
    return objections;
  }

  private static void addObjections(
      String direction, Schema reader, Schema writer, List<String> objections) {
    List<Incompatibility> found =
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
            .getResult()
            .getIncompatibilities();
    for (Incompatibility one : found) {
      objections.add(
          direction + one.getType() + " at " + one.getLocation() + ": " + one.getMessage());
    }
  }
}
