package dev.tributary.standalone.command;

import dev.tributary.standalone.platform.Addresses;
import dev.tributary.standalone.replay.Replay;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary replay}: real request traces and recorded bodies, sent to an instance. */
@Command(
    name = "replay",
    description = "Send recorded telemetry or public request traces to a running instance.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(otlp | azure | mooncake)")
public final class ReplayCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** What all replays can be told. */
  static final class Common {
    @Mixin private DataOption data = new DataOption();

    @Option(
        names = "--otlp-endpoint",
        paramLabel = "URL",
        description = "Send there instead of to the instance of --data.")
    private @Nullable URI endpoint;

    @Option(
        names = "--keep-times",
        description = "Keep the recorded times; otherwise the last request is now.")
    private boolean keepTimes;

    URI endpoint() {
      URI given = endpoint;
      return given == null ? URI.create(Addresses.of(data.folder()).otlp()) : given;
    }

    @Nullable Instant lastIsAt() {
      return keepTimes ? null : Instant.now();
    }
  }

  /** What replays of request traces can be told. */
  static final class Pacing {
    @Option(
        names = "--speed",
        paramLabel = "N",
        description = "N times as fast as recorded; otherwise as fast as the instance takes it.")
    private @Nullable Double speed;

    @Option(names = "--rate", paramLabel = "N", description = "N requests per second.")
    private @Nullable Double rate;

    Replay.Pace pace() {
      if (speed != null) {
        return Replay.Pace.recorded(speed);
      }
      return rate != null ? Replay.Pace.rate(rate) : Replay.Pace.unlimited();
    }
  }

  /** Recorded OTLP bodies. */
  @Command(
      name = "otlp",
      description = "Send recorded OTLP request bodies (protobuf or JSON).",
      mixinStandardHelpOptions = true)
  int otlp(
      @Mixin Common common,
      @Parameters(paramLabel = "FILE", arity = "1..*", description = "Request bodies.")
          List<Path> files)
      throws Exception {
    long bodies = Replay.bodies(common.endpoint(), files, common.lastIsAt());
    spec.commandLine().getOut().printf("sent %d request bodies%n", bodies);
    return 0;
  }

  /** An Azure trace. */
  @Command(
      name = "azure",
      description = "Send an Azure LLM inference trace, one call per line.",
      mixinStandardHelpOptions = true)
  int azure(
      @Mixin Common common,
      @ArgGroup(exclusive = true) @Nullable Pacing pacing,
      @Mixin CallOptions call,
      @Parameters(paramLabel = "FILE", description = "CSV of the trace.") Path file)
      throws Exception {
    return requests(common, pacing, call, file, Replay.Format.AZURE);
  }

  /** A Mooncake trace. */
  @Command(
      name = "mooncake",
      description = "Send a Mooncake trace; cache reads follow from its block hashes.",
      mixinStandardHelpOptions = true)
  int mooncake(
      @Mixin Common common,
      @ArgGroup(exclusive = true) @Nullable Pacing pacing,
      @Mixin CallOptions call,
      @Parameters(paramLabel = "FILE", description = "JSON lines of the trace.") Path file)
      throws Exception {
    return requests(common, pacing, call, file, Replay.Format.MOONCAKE);
  }

  /** What the calls of a request trace are said to be. */
  static final class CallOptions {
    @Option(
        names = "--model",
        defaultValue = "gpt-4o",
        description = "Model of the calls (default: ${DEFAULT-VALUE}).")
    private String model = "gpt-4o";

    @Option(
        names = "--provider",
        defaultValue = "openai",
        description = "gen_ai.provider.name of the calls (default: ${DEFAULT-VALUE}).")
    private String provider = "openai";

    @Option(
        names = "--feature",
        defaultValue = "replay",
        description = "Feature of the calls (default: ${DEFAULT-VALUE}).")
    private String feature = "replay";

    @Option(
        names = "--run",
        paramLabel = "ID",
        description = "Names the replay; sending a run again adds nothing (default: random).")
    private @Nullable String run;

    Replay.Calls calls() {
      String given = run;
      return new Replay.Calls(
          given == null ? UUID.randomUUID().toString() : given, provider, model, feature);
    }
  }

  private Replay.Pace pace(@Nullable Pacing pacing) {
    try {
      return pacing == null ? Replay.Pace.unlimited() : pacing.pace();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private int requests(
      Common common, @Nullable Pacing pacing, CallOptions call, Path file, Replay.Format format)
      throws Exception {
    Replay.Calls calls = call.calls();
    Replay.Pace pace = pace(pacing);
    Replay.Sent sent =
        Replay.requests(
            common.endpoint(),
            file,
            format,
            calls,
            pace,
            common.lastIsAt(),
            spec.commandLine().getErr());
    spec.commandLine()
        .getOut()
        .printf(
            "sent run %s: %d requests, %d input tokens (%d from cache), %d output tokens%n",
            calls.run(), sent.requests(), sent.input(), sent.cacheRead(), sent.output());
    return 0;
  }
}
