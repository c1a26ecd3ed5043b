package dev.tributary.standalone.prices;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CatalogueReader;
import dev.tributary.pricing.CatalogueYaml;
import dev.tributary.pricing.Layer;
import dev.tributary.pricing.ModelName;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RateCardJson;
import dev.tributary.pricing.RateSource;
import dev.tributary.pricing.importer.GatePolicy;
import dev.tributary.pricing.importer.GateReport;
import dev.tributary.pricing.importer.ImportGates;
import dev.tributary.pricing.importer.ImportTimeline;
import dev.tributary.pricing.importer.NamesAsPatterns;
import dev.tributary.pricing.importer.PriceBook;
import dev.tributary.pricing.importer.Quarantined;
import dev.tributary.standalone.price.CatalogueFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Takes a public price list over: through the gates, into a catalogue file of our own form. */
public final class PriceImport {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Held cards that are shown of each reason; the file has them all. */
  private static final int SHOWN = 5;

  /**
   * What to take over.
   *
   * @param kind {@code litellm} or {@code genai-prices}
   * @param against what is in force, or another source; null: nothing
   * @param from first moment of prices that differ from those of {@code against}
   * @param retrieved the day on which the list was fetched
   */
  public record Order(
      String kind,
      String file,
      @Nullable String against,
      GatePolicy policy,
      Instant from,
      LocalDate retrieved) {}

  private final PriceBook book;
  private final GateReport report;
  private final List<RateCard> cards;
  private final NamesAsPatterns names;
  private final Order order;

  private PriceImport(
      Order order, PriceBook book, GateReport report, List<RateCard> cards, NamesAsPatterns names) {
    this.order = order;
    this.book = book;
    this.report = report;
    this.cards = cards;
    this.names = names;
  }

  /**
   * Reads the list and tries its cards; writes nothing.
   *
   * @throws IOException when a file cannot be read
   * @throws dev.tributary.pricing.CatalogueException when a file is no such list
   */
  public static PriceImport read(Order order) throws IOException {
    PriceBook book = CatalogueFile.readList(order.kind(), order.file());
    Catalogue against =
        order.against() == null ? null : CatalogueFile.read(order.against()).catalogue();
    GateReport report = ImportGates.check(book.catalogue(), against, order.policy());
    List<RateCard> before = against == null ? List.of() : ofSameSource(against, book.catalogue());
    NamesAsPatterns names = book.names();
    List<RateCard> cards = new ArrayList<>();
    List<RateCard> listed = book.catalogue().cards();
    List<RateCard> continued =
        ImportTimeline.continued(before, listed, report.accepted(), order.from());
    for (RateCard card : continued) {
      cards.add(complete(card, names, order.retrieved()));
    }
    return new PriceImport(order, book, report, cards, names);
  }

  private static List<RateCard> ofSameSource(Catalogue against, Catalogue imported) {
    Set<String> sources = new TreeSet<>();
    imported.cards().forEach(card -> sources.add(card.source().name()));
    return against.cards().stream()
        .filter(card -> card.layer() == Layer.IMPORTED && sources.contains(card.source().name()))
        .toList();
  }

  private static RateCard complete(RateCard card, NamesAsPatterns names, LocalDate retrieved) {
    RateSource source = card.source();
    // A card of the import before is kept where the price is the same; names have no dates.
    List<ModelName> known = names.of(card.surface(), card.canonicalModel(), card.names());
    RateCard named = card.toBuilder().names(known).build();
    return source.retrieved() != null
        ? named
        : named.toBuilder()
            .source(
                new RateSource(
                    source.name(), source.version(), source.url(), source.entry(), retrieved))
            .build();
  }

  /** The cards that the file would hold. */
  public List<RateCard> cards() {
    return cards;
  }

  /** What the gates said. */
  public GateReport report() {
    return report;
  }

  /**
   * Writes the catalogue and, where anything was held, the quarantine: a JSON line each with
   * reason, key, detail and card. The text is read back before it replaces a file.
   *
   * @throws IOException when nothing is left to write, or a file cannot be written
   */
  public void write(Path out, Path quarantine) throws IOException {
    if (cards.isEmpty()) {
      throw new IOException("nothing passed the gates: " + out + " is not written");
    }
    List<String> comment =
        List.of(
            "Imported from " + order.kind() + ' ' + book.catalogue().version() + '.',
            "Made by 'tributary prices import'; an own price belongs into a file of another layer.");
    String text = CatalogueYaml.print(comment, cards);
    CatalogueReader.read("check", out.toString(), text);
    replace(out, text);
    StringBuilder lines = new StringBuilder();
    report.quarantined().forEach(held -> lines.append(json(held)).append('\n'));
    replace(quarantine, lines.toString());
  }

  private static void replace(Path file, String text) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " is no file name");
    }
    Files.createDirectories(folder);
    // Not a temporary file: only its owner could read what becomes of that.
    Path draft = folder.resolve("." + file.getFileName() + ".new");
    try {
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** The result for people. */
  public void print(PrintWriter out) {
    out.printf(
        "%s %s: %d cards, %d accepted (%d because another source agrees), %d held, %d left out%n",
        order.kind(),
        order.file(),
        book.catalogue().cards().size(),
        report.accepted().size(),
        report.agreed(),
        report.quarantined().size(),
        leftOut().size());
    for (Map.Entry<Quarantined.Reason, Integer> count : report.counts().entrySet()) {
      out.printf("  held %-14s %6d%n", count.getKey(), count.getValue());
      report.quarantined().stream()
          .filter(held -> held.reason() == count.getKey())
          .limit(SHOWN)
          .forEach(
              held ->
                  out.printf(
                      "    %s: %s%n",
                      held.card() == null ? held.key() : held.card().id(), held.detail()));
      if (count.getValue() > SHOWN) {
        out.printf("    and %d more%n", count.getValue() - SHOWN);
      }
    }
    leftOut().stream().limit(SHOWN).forEach(line -> out.printf("  left out %s%n", line));
    if (leftOut().size() > SHOWN) {
      out.printf("  left out %d more%n", leftOut().size() - SHOWN);
    }
  }

  /** The result for programs: one object on one line. */
  public String json() {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("kind", order.kind()).put("file", order.file());
    json.put("version", book.catalogue().version());
    json.put("cards", book.catalogue().cards().size());
    json.put("accepted", report.accepted().size()).put("agreed", report.agreed());
    json.put("held", report.quarantined().size());
    ObjectNode counts = json.putObject("held_by_reason");
    report.counts().forEach((reason, count) -> counts.put(reason.name(), count));
    report.quarantined().forEach(held -> json.withArray("quarantine").add(node(held)));
    leftOut().forEach(line -> json.withArray("left_out").add(line));
    return json.toString();
  }

  private List<String> leftOut() {
    List<String> all = new ArrayList<>(book.leftOut());
    all.addAll(names.leftOut());
    return all;
  }

  private static String json(Quarantined held) {
    return node(held).toString();
  }

  private static ObjectNode node(Quarantined held) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("reason", held.reason().name()).put("key", held.key()).put("detail", held.detail());
    RateCard card = held.card();
    if (card == null) {
      json.putNull("card");
    } else {
      json.putRawValue("card", new RawValue(RateCardJson.print(card)));
    }
    return json;
  }
}
