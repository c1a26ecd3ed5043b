package dev.tributary.attribution.core;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.Rate;
import dev.tributary.pricing.RateCard;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reference data of core tests: version 1, and version 2 with another price and team. */
public final class TestViews implements References {
  static final ReferenceView FIRST = view(1, "2.5", "10", "discovery");
  static final ReferenceView SECOND = view(2, "3", "15", "findability");

  /** Version 1 is in force, version 2 is loaded. */
  public static final References BOTH = new TestViews();

  /** One version that is in force and was at all times. */
  static References always(ReferenceView view) {
    return new References() {
      @Override
      public ReferenceView current(String tenant) {
        return view;
      }

      @Override
      public @Nullable ReferenceView find(String tenant, long version) {
        return view;
      }
    };
  }

  private static ReferenceView view(long version, String input, String output, String team) {
    RateCard card =
        RateCard.builder(TestSpans.PROVIDER, TestSpans.MODEL)
            .id("card-" + version)
            .rate(Bucket.INPUT_UNCACHED, Rate.perMillion(input))
            .rate(Bucket.OUTPUT_TEXT, Rate.perMillion(output))
            .build();
    OwnershipRule team1 =
        new OwnershipRule(
            "search-team",
            10,
            null,
            "search",
            null,
            null,
            null,
            null,
            Map.of(TagField.TEAM, team, TagField.COST_CENTER, "cc-7"),
            false);
    OwnershipRule mirror =
        new OwnershipRule("mirror", 5, "mirror-*", null, null, null, null, null, Map.of(), true);
    OwnershipRule batch =
        new OwnershipRule(
            "batch",
            1,
            "batch-*",
            null,
            null,
            null,
            null,
            null,
            Map.of(TagField.FEATURE, "search"),
            false);
    return new ReferenceView(
        version,
        Catalogue.of(Long.toString(version), List.of(card)),
        new OwnershipRules(List.of(batch, team1, mirror)),
        List.of());
  }

  @Override
  public ReferenceView current(String tenant) {
    return FIRST;
  }

  @Override
  public @Nullable ReferenceView find(String tenant, long version) {
    return switch ((int) version) {
      case 0 -> ReferenceView.NOTHING;
      case 1 -> FIRST;
      case 2 -> SECOND;
      default -> null;
    };
  }
}
