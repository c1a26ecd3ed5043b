package dev.tributary.standalone.reconcile;

import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.ModelResolution;
import java.util.Locale;

/**
 * One name for what a bill and telemetry call a model; where no card knows it, its own in lower
 * case.
 */
final class ModelNames {
  private final Catalogue catalogue;

  ModelNames(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** The canonical name. */
  String of(String surface, String raw) {
    ModelResolution found = catalogue.resolve(surface, raw);
    String canonical = found.canonicalModel();
    return canonical == null ? raw.strip().toLowerCase(Locale.ROOT) : canonical;
  }
}
