package dev.tributary.attribution.core;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Provenance;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls and money of a service in one trace, and how much of both telemetry itself attributes to a
 * feature, without an ownership rule.
 */
public final class ServiceCoverage {
  private final String service;
  private long calls;
  private long attributedCalls;
  private @Nullable BigDecimal cost;
  private @Nullable BigDecimal attributedCost;

  private ServiceCoverage(String service) {
    this.service = service;
  }

  /** The services of a set of lines that count calls or money. */
  static Collection<ServiceCoverage> of(Iterable<LedgerLine> lines) {
    TreeMap<String, ServiceCoverage> services = new TreeMap<>();
    for (LedgerLine line : lines) {
      if (line.getCalls() > 0 || line.getCost() != null) {
        String name = line.getServiceName() == null ? "unknown" : line.getServiceName();
        services.computeIfAbsent(name, ServiceCoverage::new).add(line);
      }
    }
    return services.values();
  }

  private void add(LedgerLine line) {
    calls += line.getCalls();
    cost = Amounts.sum(cost, line.getCost());
    if (isAttributed(line.getAttribution().getFeature().getProvenance())) {
      attributedCalls += line.getCalls();
      attributedCost = Amounts.sum(attributedCost, line.getCost());
    }
  }

  /** Telemetry itself says it: neither a rule nor nobody. */
  static boolean isAttributed(Provenance provenance) {
    return provenance != Provenance.RULE && provenance != Provenance.UNATTRIBUTED;
  }

  public String service() {
    return service;
  }

  public long calls() {
    return calls;
  }

  public long attributedCalls() {
    return attributedCalls;
  }

  /** Known cost, ledger currency; null: none is known. */
  public @Nullable BigDecimal cost() {
    return cost;
  }

  /** The part of it that is attributed; null: none. */
  public @Nullable BigDecimal attributedCost() {
    return attributedCost;
  }
}
