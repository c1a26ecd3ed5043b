package dev.tributary.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.schemas.Keys;
import dev.tributary.standalone.platform.PlatformException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TenantOptionTest {
  @Test
  void name_notGiven_isTheDefault() {
    assertThat(CommandLine.populateCommand(new TenantOption()).name())
        .isEqualTo(Keys.DEFAULT_TENANT);
    assertThat(CommandLine.populateCommand(new TenantOption(), "--tenant", "acme").name())
        .isEqualTo("acme");
  }

  /** Names go into SQL. */
  @Test
  void name_thatNoTenantCanHave_isRefused() {
    TenantOption option = CommandLine.populateCommand(new TenantOption(), "--tenant", "a' or '1");

    assertThatThrownBy(option::name)
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("--tenant: no name of a tenant: a' or '1");
  }
}
