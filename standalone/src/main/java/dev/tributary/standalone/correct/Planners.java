package dev.tributary.standalone.correct;

import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.standalone.reference.ReferenceVersions;

/** Makes the planner of an order. */
final class Planners {
  private Planners() {}

  static Planner of(CorrectionClients clients, RunOrder order) {
    Selection selection = order.selection();
    return switch (order.kind()) {
      case PRICE ->
          new LedgerPlanner(clients, selection, LineRule.prices(reference(clients, order)));
      case OWNER ->
          new LedgerPlanner(clients, selection, LineRule.owners(reference(clients, order)));
      case LATE -> new LatePlanner(clients, selection, reference(clients, order));
      case REPLAY -> new ReplayPlanner(clients, order);
    };
  }

  private static ReferenceView reference(CorrectionClients clients, RunOrder order) {
    return ReferenceVersions.read(clients.settings(), order.selection().tenant())
        .view(order.referenceVersion());
  }
}
