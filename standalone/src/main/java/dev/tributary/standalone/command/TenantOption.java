package dev.tributary.standalone.command;

import dev.tributary.schemas.Keys;
import dev.tributary.standalone.platform.PlatformException;
import picocli.CommandLine.Option;

/** Whose data a command works on. */
final class TenantOption {
  @Option(
      names = "--tenant",
      paramLabel = "TENANT",
      defaultValue = Keys.DEFAULT_TENANT,
      description = "Tenant (default: ${DEFAULT-VALUE}).")
  private String name = Keys.DEFAULT_TENANT;

  /**
   * The tenant's name.
   *
   * @throws PlatformException where no tenant can have it
   */
  String name() {
    if (!Keys.isTenant(name)) {
      throw new PlatformException("--tenant: no name of a tenant: " + name);
    }
    return name;
  }
}
