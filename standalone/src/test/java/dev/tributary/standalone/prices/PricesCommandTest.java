package dev.tributary.standalone.prices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.runtime.testing.TestData;
import dev.tributary.standalone.command.PricesCommand;
import dev.tributary.standalone.price.CatalogueFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PricesCommandTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String MAP =
      """
      {'good': {'litellm_provider': 'openai', 'input_cost_per_token': 1e-06, 'output_cost_per_token': 4e-06},
       'dear': {'litellm_provider': 'openai', 'input_cost_per_token': 0.001, 'output_cost_per_token': 0.004},
       'gift': {'litellm_provider': 'openai', 'input_cost_per_token': 0, 'output_cost_per_token': 0},
       'odd': {'litellm_provider': 'openai', 'input_cost_per_step': 1}}
      """
          .replace('\'', '"');

  @TempDir Path folder;

  @Test
  void importDryRun_writesNothing() throws Exception {
    Path map = Files.writeString(folder.resolve("map.json"), MAP);

    Answer answer = run("import", "litellm", map.toString(), "--dry-run");

    assertThat(answer.code).isZero();
    assertThat(answer.text)
        .contains("3 cards, 1 accepted", "2 held", "left out")
        .contains("openai|dear|standard|imported: input is 1000 for a million")
        .contains("odd: no bucket for input_cost_per_step")
        .endsWith("dry run: nothing written\n");
    assertThat(folder.toFile().list()).containsExactly("map.json");
  }

  @Test
  void importOut_writesCatalogueAndQuarantine() throws Exception {
    Path map = Files.writeString(folder.resolve("map.json"), MAP);
    Path out = folder.resolve("prices.yaml");

    Answer answer =
        run("import", "litellm", map.toString(), "--out", out.toString(), "--free", "openai|gift");

    assertThat(answer.code).as(answer.text).isZero();
    assertThat(CatalogueFile.read(out.toString()).catalogue().cards())
        .extracting("canonicalModel")
        .containsExactly("good", "gift");
    List<String> held = Files.readAllLines(folder.resolve("prices.quarantine.jsonl"));
    assertThat(held).hasSize(1);
    JsonNode line = MAPPER.readTree(held.get(0));
    assertThat(line.path("reason").asText()).isEqualTo("UNIT");
    assertThat(line.path("card").path("model").asText()).isEqualTo("dear");
  }

  @Test
  void importAgain_changedPriceBeginsAtItsDateAndJumpsAreHeld() throws Exception {
    // Given
    Path map = Files.writeString(folder.resolve("map.json"), MAP);
    Path out = folder.resolve("prices.yaml");
    run("import", "litellm", map.toString(), "--out", out.toString());
    Path next = Files.writeString(folder.resolve("next.json"), MAP.replace("1e-06", "2e-06"));

    // When
    Answer answer =
        run(
            "import",
            "litellm",
            next.toString(),
            "--against",
            out.toString(),
            "--from",
            "2026-11-01",
            "--out",
            out.toString());

    // Then
    assertThat(answer.code).as(answer.text).isZero();
    assertThat(run("show", "good", "--catalog", out.toString(), "--at", "2026-10-31").text)
        .contains("in.text.uncached   1\n")
        .doesNotContain("in.text.uncached   2\n");
    assertThat(run("show", "good", "--catalog", out.toString(), "--at", "2026-11-01").text)
        .contains("in.text.uncached   2\n")
        .doesNotContain("in.text.uncached   1\n");
    Files.writeString(next, MAP.replace("1e-06", "7e-06"));
    JsonNode json =
        MAPPER.readTree(
            run(
                    "import",
                    "litellm",
                    next.toString(),
                    "--against",
                    out.toString(),
                    "--dry-run",
                    "--json")
                .text);
    assertThat(json.path("held_by_reason").path("JUMP").asInt()).isEqualTo(1);
  }

  @Test
  void importAgain_samePriceWithOtherNames_hasTheNamesOfTheNewList() throws Exception {
    // Given
    String large = "{'id': 'm-large', 'match': %s, 'prices': {'input_mtok': 3}}";
    String others = ", {'id': 'm', 'match': %s, 'prices': {'input_mtok': 1}}";
    Path out = folder.resolve("prices.yaml");
    Path list =
        Files.writeString(
            folder.resolve("list.json"),
            providers(
                large.formatted("{'or': [{'equals': 'grande'}, {'equals': 'latest'}]}")
                    + others.formatted("{'starts_with': 'm-'}")));
    run("import", "genai-prices", list.toString(), "--out", out.toString());

    // When: a name is new, one is gone, one another model's, and a further model moves patterns
    Files.writeString(
        list,
        providers(
            large.formatted("{'equals': 'biggest'}")
                + others.formatted("{'or': [{'starts_with': 'm-'}, {'equals': 'latest'}]}")
                + ", {'id': 'mx', 'match': {'starts_with': 'm'}, 'prices': {'input_mtok': 2}}"));
    Answer answer =
        run(
            "import",
            "genai-prices",
            list.toString(),
            "--against",
            out.toString(),
            "--approve",
            "*",
            "--out",
            out.toString());

    // Then
    assertThat(answer.code).as(answer.text + answer.errors).isZero();
    for (String name : List.of("biggest", "grande")) {
      assertThat(run("show", name, "--catalog", out.toString()).text)
          .as(name)
          .contains("in.text.uncached   3\n");
    }
    for (String name : List.of("m-2", "latest")) {
      assertThat(run("show", name, "--catalog", out.toString()).text)
          .as(name)
          .contains("in.text.uncached   1\n");
    }
    assertThat(run("show", "mint", "--catalog", out.toString()).text)
        .contains("in.text.uncached   2\n");
  }

  private static String providers(String models) {
    return "[{'id': 'acme', 'models': [%s]}]".formatted(models).replace('\'', '"');
  }

  @Test
  void importPublishedLists_fileGivesTheSameCards() throws Exception {
    for (String list :
        List.of("genai-prices genai-prices-0.1.8.json", "litellm litellm-sample.json")) {
      String kind = list.split(" ")[0];
      String file = TestData.path("pricing/" + list.split(" ")[1]).toString();
      Path out = folder.resolve(kind + ".yaml");

      Answer answer = run("import", kind, file, "--out", out.toString(), "--approve", "*");
      Answer diff = run("diff", kind + ":" + file, out.toString());

      assertThat(answer.code).as(answer.text).isZero();
      assertThat(diff.text.lines().filter(line -> line.startsWith("- ") || line.startsWith("~ ")))
          .as(kind)
          .isEmpty();
    }
  }

  /** A list that was held whole must not empty the catalogue that is in use. */
  @Test
  void importOfWhichNothingPasses_leavesTheCatalogueAsItIs() throws Exception {
    Path map = Files.writeString(folder.resolve("map.json"), MAP);
    Path out = folder.resolve("prices.yaml");
    run("import", "litellm", map.toString(), "--out", out.toString());
    String before = Files.readString(out);
    Path dear = Files.writeString(folder.resolve("dear.json"), MAP.replace("1e-06", "0.002"));

    Answer answer = run("import", "litellm", dear.toString(), "--out", out.toString());

    assertThat(answer.code).isNotZero();
    assertThat(answer.errors).contains("nothing passed the gates");
    assertThat(Files.readString(out)).isEqualTo(before);
  }

  /** Who imports is seldom who publishes. */
  @Test
  void importOut_mayBeReadAsAnyOtherFile() throws Exception {
    Path map = Files.writeString(folder.resolve("map.json"), MAP);
    Path out = folder.resolve("prices.yaml");

    run("import", "litellm", map.toString(), "--out", out.toString());

    assertThat(Files.getPosixFilePermissions(out)).isEqualTo(Files.getPosixFilePermissions(map));
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("map.json", "prices.yaml", "prices.quarantine.jsonl");
  }

  /** Ten for a thousand searches, then three cents for one: dearer, not cheaper. */
  @Test
  void diffAndShow_ofAnotherNumberOfUnits_sayHowMuchAndOfHowMany() throws Exception {
    Path before = own("{amount: 10, per: 1000}", "{amount: 0.002, per: 1000}");
    Path after = own("{amount: 0.03, per: 1}", "4");

    String diff = run("diff", before.toString(), after.toString()).text;

    assertThat(diff)
        .contains("tool.web_search    10 per 1000 -> 0.03 per 1 (x3)")
        .contains("in.text.uncached   0.002 per 1000 -> 4 (x2)");
  }

  private Path own(String search, String input) throws Exception {
    return Files.writeString(
        folder.resolve(Math.abs(search.hashCode()) + ".yaml"),
        """
        surface: acme
        models:
          - model: acme-1
            cards:
              - source: {name: acme}
                rates: {in.text.uncached: %s, tool.web_search: %s}
        """
            .formatted(input, search));
  }

  @Test
  void diff_sameCatalogue_isEmpty() throws Exception {
    assertThat(run("diff", "curated", "curated").text).startsWith("0 added, 0 removed, 0 changed");
  }

  @Test
  void diff_changedPrice_saysHowMuch() throws Exception {
    Path map = Files.writeString(folder.resolve("map.json"), MAP);
    Path next = Files.writeString(folder.resolve("next.json"), MAP.replace("1e-06", "3e-06"));

    Answer text = run("diff", "litellm:" + map, "litellm:" + next);
    Answer json = run("diff", "litellm:" + map, "litellm:" + next, "--json");

    assertThat(text.text)
        .contains("~ openai|good|standard\n", "in.text.uncached   1 -> 3 (x3)")
        .endsWith("0 added, 0 removed, 1 changed, of 2 and 2 cards\n");
    assertThat(MAPPER.readTree(json.text).path("rates").path("in.text.uncached").path("after"))
        .isEqualTo(MAPPER.readTree("{\"amount\": \"3\", \"per\": 1000000}"));
  }

  @Test
  void show_model_printsPricesSourceAndDay() throws Exception {
    Answer answer = run("show", "o3", "--at", "2025-06-09", "--surface", "openai");

    assertThat(answer.code).isZero();
    assertThat(answer.text)
        .startsWith("openai o3 (found by exact)\n")
        .contains("standard, region any", "until 2025-06-10T00:00:00Z")
        .contains("in.text.uncached   10\n", "genai-prices 0.1.8 of 2026-09-23");
  }

  @Test
  void show_json_isTheCard() throws Exception {
    Answer answer = run("show", "o3", "--at", "2026-11-20", "--surface", "openai", "--json");

    for (String line : answer.text.lines().toList()) {
      JsonNode card = MAPPER.readTree(line).path("card");
      assertThat(card.path("model").asText()).isEqualTo("o3");
      assertThat(card.path("source").path("retrieved").asText()).startsWith("2026-");
    }
  }

  @Test
  void show_unknownModel_isExitCodeOne() throws Exception {
    Answer answer = run("show", "gpt-99");

    assertThat(answer.code).isEqualTo(1);
    assertThat(answer.text).isEqualTo("no card for gpt-99\n");
  }

  @Test
  void wrongCall_saysWhatIsAllowed() throws Exception {
    assertThat(run("import", "vantage", "x.json", "--dry-run").code).isEqualTo(2);
    assertThat(run("import", "litellm", "x.json").errors).contains("needs --out FILE or --dry-run");
    assertThat(run("show", "o3", "--at", "yesterday").errors).contains("allowed are 2026-11-20");
    assertThat(run().errors).contains("one of import, diff, show is missing");
  }

  private record Answer(int code, String text, String errors) {}

  private static Answer run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    int code =
        new CommandLine(new PricesCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(errors))
            .execute(args);
    return new Answer(code, out.toString(), errors.toString());
  }
}
