package dev.tributary.standalone.command;

import dev.tributary.normalize.NormalizeConfig;
import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.erasure.Erasure;
import dev.tributary.standalone.erasure.ErasureSubject;
import dev.tributary.standalone.platform.DataFolder;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.ToolSettings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tributary erase}: what a person, a session or a trace said, and no sum. */
@Command(
    name = "erase",
    description = "Erase the texts of traces, sessions or people; no sum changes.",
    mixinStandardHelpOptions = true)
public final class EraseCommand implements Callable<Integer> {
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(names = "--trace", paramLabel = "ID", description = "A trace; may be repeated.")
  private @Nullable List<String> traces;

  @Option(names = "--session", paramLabel = "ID", description = "A session; may be repeated.")
  private @Nullable List<String> sessions;

  @Option(
      names = "--user",
      paramLabel = "ID",
      description =
          "A person, by the id that spans state; may be repeated. Only its pseudonym is" + " kept.")
  private @Nullable List<String> users;

  @Mixin private TenantOption tenant = new TenantOption();

  @Option(names = "--dry-run", description = "Count what would be erased, and change nothing.")
  private boolean dryRun;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    String half = cluster.cluster().half();
    if (half != null && !dryRun) {
      throw new PlatformException(
          "nothing is erased on half of a cluster: "
              + half
              + "; name both, or ask for a --dry-run");
    }
    Settings settings = settings();
    List<ErasureSubject> subjects = subjects(settings);
    Erasure erasure =
        new Erasure(settings, SqlClient.of(settings), line -> out.printf("%s%n", line));
    if (dryRun) {
      out.printf("%d content records would be erased%n", erasure.count(tenant.name(), subjects));
    } else {
      out.printf(
          "%d content records erased; copies in Kafka end with their retention%n",
          erasure.erase(tenant.name(), subjects));
    }
    return 0;
  }

  /** Pseudonyms are normalize's, so a folder's secret counts for the folder's own instance only. */
  private Settings settings() {
    Settings settings = cluster.settings();
    if (!ToolSettings.isInstanceOf(cluster.folder(), settings)) {
      return settings;
    }
    return DataFolder.findUserSecret(cluster.folder())
        .map(secret -> settings.withDefaults(Map.of(NormalizeConfig.USER_SECRET.key(), secret)))
        .orElse(settings);
  }

  private List<ErasureSubject> subjects(Settings settings) {
    List<ErasureSubject> subjects = new ArrayList<>();
    for (String id : orNone(traces)) {
      if (!id.matches("[0-9a-f]{32}")) {
        throw new ParameterException(
            spec.commandLine(), "--trace " + id + ": a trace id has 32 lower-case hex digits");
      }
      subjects.add(ErasureSubject.trace(id));
    }
    NormalizeConfig normalize = NormalizeConfig.from(settings);
    for (String id : orNone(sessions)) {
      subjects.add(session(normalize, id));
    }
    for (String id : orNone(users)) {
      subjects.add(ErasureSubject.person(pseudonym(normalize, id)));
    }
    if (subjects.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "what is to be erased? --trace, --session or --user");
    }
    return subjects;
  }

  /**
   * A session, by its pseudonym where its id holds a mail address, a key or what a custom kind
   * matches. Normalize makes that one without a secret, too.
   */
  private ErasureSubject session(NormalizeConfig normalize, String id) {
    String recorded = normalize.names().joinedOn(id, tenant.name());
    if (!recorded.equals(id) && findPseudonym(normalize, id) == null) {
      spec.commandLine()
          .getOut()
          .printf(
              "--session: %s is not set; sought by the pseudonym of a normalize that has none%n",
              NormalizeConfig.USER_SECRET.key());
    }
    return ErasureSubject.session(recorded, id);
  }

  /** A person's pseudonym; refused where there is no secret to make any pseudonym with. */
  private String pseudonym(NormalizeConfig normalize, String id) {
    String pseudonym = findPseudonym(normalize, id);
    if (pseudonym == null) {
      throw new PlatformException(
          "--user: "
              + NormalizeConfig.USER_SECRET.key()
              + " is missing; set it as normalize has it, or no pseudonym is found");
    }
    return pseudonym;
  }

  private @Nullable String findPseudonym(NormalizeConfig normalize, String id) {
    return normalize.pseudonyms().user(tenant.name(), id);
  }

  private static List<String> orNone(@Nullable List<String> given) {
    return given == null ? List.of() : given;
  }
}
