package dev.tributary.standalone.lint;

import dev.tributary.schemas.Span;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A service and one of its instrumentations.
 *
 * @param service null: not stated
 * @param scope instrumentation scope; null: not stated
 * @param version of the scope; null: not stated
 */
record ScopeId(@Nullable String service, @Nullable String scope, @Nullable String version) {
  /** By service, then scope, then version; what is not stated comes last. */
  static final Comparator<ScopeId> ORDER =
      Comparator.comparing(ScopeId::service, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(ScopeId::scope, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(ScopeId::version, Comparator.nullsLast(Comparator.naturalOrder()));

  /** What SDKs call a service that nobody gave a name, with the process behind it or without. */
  private static final String UNKNOWN_SERVICE = "unknown_service";

  /** Whether it names a service. */
  static boolean isName(@Nullable String service) {
    return service != null && !service.startsWith(UNKNOWN_SERVICE);
  }

  static ScopeId of(Span span) {
    return new ScopeId(span.getServiceName(), span.getScopeName(), span.getScopeVersion());
  }

  /** The scope with its version. */
  String scopeText() {
    String name = scope == null ? "(no scope)" : scope;
    return version == null ? name : name + " " + version;
  }

  String serviceText() {
    return service == null ? "(no service.name)" : service;
  }
}
