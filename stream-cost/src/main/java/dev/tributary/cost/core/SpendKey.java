package dev.tributary.cost.core;

/**
 * Key of a minute's spend of one value of a scope, in one environment.
 *
 * @param startUs start of the minute, microseconds since the epoch
 */
record SpendKey(String tenant, String scope, String value, String environment, long startUs)
    implements PartKey {

  @Override
  public String recordKey() {
    return Series.spend(tenant, scope, value, environment);
  }
}
