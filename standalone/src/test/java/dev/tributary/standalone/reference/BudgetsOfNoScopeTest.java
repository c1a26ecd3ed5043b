package dev.tributary.standalone.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.platform.PlatformException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who publishes a budget by which no spend is kept is told at once, not by a budget at 0. */
class BudgetsOfNoScopeTest {
  private static final String SCOPES = "tributary.cost.budget-scopes";
  private static final String REFUSAL = "budget free: scope: no spend is kept by user_tier";

  @TempDir private Path folder;
  private final List<String> doubts = new ArrayList<>();
  private Map<ReferenceSource, List<Path>> files;

  @BeforeEach
  void write() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("budgets.yaml"),
            """
            budgets:
              - {id: blue, scope: {team: blue}, period: day, amount: 1}
              - {id: free, scope: {user_tier: free}, period: day, amount: 1}
            """);
    files = Map.of(ReferenceSource.BUDGETS, List.of(file));
  }

  private static Settings settings(Map<String, String> own) {
    return Settings.of(own);
  }

  /** An instance publishes with the settings that its stream-cost runs with. */
  @Test
  void settingsOfTheApplications_refuse() {
    assertThatThrownBy(() -> ReferencePublisher.publish(settings(Map.of()), "default", files))
        .isInstanceOf(PlatformException.class)
        .hasMessageStartingWith(REFUSAL);
  }

  @Test
  void settingsThatNameOtherScopes_refuse() {
    Settings given = settings(Map.of(SCOPES, "team"));

    assertThatThrownBy(() -> ReferencePublisher.publish(given, "default", files, doubts::add))
        .isInstanceOf(PlatformException.class)
        .hasMessageStartingWith(REFUSAL);
    assertThat(doubts).isEmpty();
  }

  @Test
  void defaultsOfATool_warn() {
    var stated =
        ReferencePublisher.stated(settings(Map.of()), "default", files, false, doubts::add);

    assertThat(stated.get(ReferenceSource.BUDGETS)).hasSize(2);
    assertThat(doubts).hasSize(1);
    assertThat(doubts.get(0)).startsWith(REFUSAL).contains("stream-cost may have other settings");
  }

  @Test
  void scopesThatAreKept_areNotSpokenOf() {
    Settings given = settings(Map.of(SCOPES, "team,user_tier"));

    ReferencePublisher.stated(given, "default", files, true, doubts::add);

    assertThat(doubts).isEmpty();
  }
}
