package dev.tributary.pricing.allocation;

import dev.tributary.pricing.CatalogueException;
import dev.tributary.pricing.Money;
import dev.tributary.pricing.YamlFields;
import dev.tributary.pricing.YamlMapping;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads pools from YAML. Everything wrong is refused with file, line and field: two pools of one
 * id, terms that overlap, a pool nobody can use.
 */
public final class PoolFile {
  /** Characters that keys of lines use to keep their parts apart. */
  private static final String ID = "[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}";

  private PoolFile() {}

  /**
   * The pools in the order written.
   *
   * @throws CatalogueException when the text is refused
   */
  public static List<DeclaredPool> parse(String sourceName, String text) {
    YamlFields root = YamlFields.parse(sourceName, text);
    List<DeclaredPool> pools = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    YamlFields list = root.mapping(Set.of("pools")).need("pools");
    for (YamlFields item : list.items()) {
      DeclaredPool pool = pool(item);
      if (!ids.add(pool.pool().id())) {
        throw item.refuse("pool " + pool.pool().id() + " stands twice");
      }
      pools.add(pool);
    }
    if (pools.isEmpty()) {
      throw list.refuse("must name at least one pool");
    }
    return List.copyOf(pools);
  }

  private static DeclaredPool pool(YamlFields item) {
    YamlMapping fields = item.mapping(Set.of("id", "kind", "surface", "uses", "terms"));
    String id =
        fields
            .need("id")
            .convert("letters, digits, '.', '_' and '-'", text -> text.matches(ID) ? text : null);
    DeclaredPool.Kind kind =
        fields
            .need("kind")
            .convert(
                "provisioned or gpu",
                text -> DeclaredPool.Kind.valueOf(text.toUpperCase(Locale.ROOT)));
    List<CapacityPool.Term> terms = new ArrayList<>();
    for (YamlFields term : fields.need("terms").items()) {
      terms.add(term(id, term));
    }
    if (terms.isEmpty()) {
      throw fields.need("terms").refuse("must have at least one term");
    }
    Map<UseField, List<String>> uses = uses(fields.need("uses"));
    String surface = fields.optionalText("surface");
    try {
      return new DeclaredPool(
          new CapacityPool(id, terms), kind, surface == null ? surfaceOf(kind) : surface, uses);
    } catch (IllegalArgumentException e) {
      throw item.refuse(e);
    }
  }

  private static String surfaceOf(DeclaredPool.Kind kind) {
    return kind == DeclaredPool.Kind.GPU ? "self-hosted" : "provisioned";
  }

  private static CapacityPool.Term term(String pool, YamlFields item) {
    YamlMapping fields =
        item.mapping(Set.of("units", "per_unit_hour", "from", "until", "rate_card"));
    long units = fields.find("units").map(YamlFields::whole).orElse(1L);
    BigDecimal price = fields.need("per_unit_hour").decimal();
    Instant from = moment(fields, "from");
    Instant until = moment(fields, "until");
    String card = fields.optionalText("rate_card");
    if (price.stripTrailingZeros().scale() > Money.BOOKED_SCALE) {
      throw fields
          .need("per_unit_hour")
          .refuse("has more than 18 places: " + price.toPlainString());
    }
    try {
      return new CapacityPool.Term(
          units, price, from, until, card == null ? unnamed(pool, from) : card);
    } catch (IllegalArgumentException e) {
      throw item.refuse(e);
    }
  }

  /** Stays the same when the file is edited elsewhere. */
  private static String unnamed(String pool, @Nullable Instant from) {
    return from == null ? pool : pool + "@" + from;
  }

  private static @Nullable Instant moment(YamlMapping fields, String name) {
    return fields
        .find(name)
        .map(field -> field.convert("a time as 2026-03-01T00:00:00Z", Instant::parse))
        .orElse(null);
  }

  private static Map<UseField, List<String>> uses(YamlFields place) {
    Map<UseField, List<String>> uses = new EnumMap<>(UseField.class);
    place
        .mapping()
        .forEach(
            (name, field) -> {
              UseField of = UseField.ofWireName(name);
              if (of == null) {
                throw field.refuse(
                    "unknown field; allowed are "
                        + java.util.Arrays.stream(UseField.values())
                            .map(UseField::wireName)
                            .toList());
              }
              List<String> globs = field.items().stream().map(YamlFields::text).toList();
              if (globs.isEmpty()) {
                throw field.refuse("must list at least one value");
              }
              uses.put(of, globs);
            });
    return uses;
  }
}
