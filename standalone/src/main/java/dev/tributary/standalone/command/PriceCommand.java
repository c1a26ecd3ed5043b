package dev.tributary.standalone.command;

import dev.tributary.pricing.importer.PriceBook;
import dev.tributary.standalone.price.CatalogueFile;
import dev.tributary.standalone.price.PriceLines;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary price}: what calls cost, exactly, offline. */
@Command(
    name = "price",
    description = {
      "Price the calls on standard input, a JSON line each.",
      "A line has id, provider_id, model_ref, timestamp and usage {input_tokens, output_tokens,"
          + " cache_read_tokens, cache_write_tokens, ...}, perhaps service_tier and region; or"
          + " provider_id, api_flavor and response_body, a provider's raw reply."
    },
    mixinStandardHelpOptions = true)
public final class PriceCommand implements Callable<Integer> {
  @Option(
      names = "--catalog",
      paramLabel = "CATALOG",
      description = "genai-prices:FILE, litellm:FILE or FILE.yaml; without it the curated prices.")
  private @Nullable String catalog;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PriceBook book = CatalogueFile.read(catalog);
    new PriceLines(book, Instant.now())
        .run(new InputStreamReader(System.in, StandardCharsets.UTF_8), spec.commandLine().getOut());
    return 0;
  }
}
