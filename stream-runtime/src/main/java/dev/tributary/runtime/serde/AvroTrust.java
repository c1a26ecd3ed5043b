package dev.tributary.runtime.serde;

import org.apache.avro.util.ClassSecurityValidator;

/**
 * Tells Avro that it may create our generated records.
 *
 * <p>Avro 1.12.2 refuses classes it was not told to trust ({@code SecurityException: Forbidden …}),
 * and only when it decodes, so a process that merely writes never notices. Serdes of this package
 * do this by themselves; a program that decodes our records with Avro directly calls {@link
 * #install()} first.
 */
public final class AvroTrust {

  private static final String PACKAGE = "dev.tributary.schemas.";

  static {
    // What was trusted before, by property or by somebody else's call, stays trusted.
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            type -> type.getName().startsWith(PACKAGE), ClassSecurityValidator.getGlobal()));
  }

  private AvroTrust() {}

  /** Trusts {@code dev.tributary.schemas} in this JVM; repeated calls do nothing. */
  public static void install() {
    // The static initialiser does it, once.
  }
}
