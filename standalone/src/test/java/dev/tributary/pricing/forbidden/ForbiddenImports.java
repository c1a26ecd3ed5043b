package dev.tributary.pricing.forbidden;

import java.math.BigDecimal;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;

/** Breaks the rules of its package on purpose, for ArchitectureTest's negative control. */
public final class ForbiddenImports {
  private ForbiddenImports() {}

  static double amount(BigDecimal cost) {
    return cost.doubleValue();
  }

  static Bytes kafka() {
    return Bytes.wrap(Instant.now().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
