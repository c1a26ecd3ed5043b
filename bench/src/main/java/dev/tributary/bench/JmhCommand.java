package dev.tributary.bench;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench jmh}: micro-benchmarks of pure code. */
@Command(
    name = "jmh",
    description = "Micro-benchmarks: calls priced a second by one thread.",
    mixinStandardHelpOptions = true)
final class JmhCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "Parts of benchmark names; without any, all.")
  private @Nullable List<String> names;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write JMH's results there, as JSON.")
  private @Nullable String json;

  @Override
  public Integer call() {
    ChainedOptionsBuilder options = new OptionsBuilder().shouldFailOnError(true);
    for (String name : names == null ? List.of("Benchmark") : names) {
      options.include(name);
    }
    if (json != null) {
      options.resultFormat(org.openjdk.jmh.results.format.ResultFormatType.JSON).result(json);
    }
    try {
      return new Runner(options.build()).run().isEmpty() ? 1 : 0;
    } catch (RunnerException e) {
      throw new BenchException("jmh: " + e.getMessage(), e);
    }
  }
}
