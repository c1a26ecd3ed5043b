package dev.tributary.cost.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The money measures of a window, ledger currency. The order is the format of partials and of the
 * state store: new ones go to the end.
 */
enum Money {
  /** Known cost of reported and derived usage. */
  COST(null),
  /** Known cost of estimated usage. */
  COST_ESTIMATED(null),
  /** Part of both whose feature was found without rule or default. */
  COST_ATTRIBUTED(null),
  /** Part of both spent by evaluators. */
  COST_EVAL(null),
  /** Part of both whose feature nobody stated. */
  COST_UNTAGGED(null),
  INPUT_UNCACHED("in.text.uncached"),
  CACHE_READ("in.cache_read"),
  CACHE_WRITE_5M("in.cache_write_5m"),
  CACHE_WRITE_1H("in.cache_write_1h"),
  INPUT_AUDIO("in.audio"),
  INPUT_IMAGE("in.image"),
  OUTPUT_TEXT("out.text"),
  REASONING("out.reasoning"),
  OUTPUT_AUDIO("out.audio"),
  OUTPUT_IMAGE("out.image"),
  WEB_SEARCH("tool.web_search"),
  REQUEST("request"),
  /** Cost of every bucket that has no slot of its own, and what no bucket explains. */
  OTHER_BUCKETS("other");

  /** Number of amounts. */
  static final int SIZE = values().length;

  /** The slots of price buckets, {@link #OTHER_BUCKETS} last. */
  static final List<Money> BUCKETS = buckets();

  private static final Map<String, Money> BY_BUCKET = byBucket();

  private final @Nullable String bucket;

  Money(@Nullable String bucket) {
    this.bucket = bucket;
  }

  private static List<Money> buckets() {
    List<Money> buckets = new ArrayList<>();
    for (Money slot : values()) {
      if (slot.bucket != null) {
        buckets.add(slot);
      }
    }
    return List.copyOf(buckets);
  }

  private static Map<String, Money> byBucket() {
    Map<String, Money> slots = new HashMap<>();
    for (Money slot : BUCKETS) {
      slots.put(slot.bucketName(), slot);
    }
    return slots;
  }

  /** The slot of a price bucket of this name. */
  static Money ofBucket(String bucket) {
    return BY_BUCKET.getOrDefault(bucket, OTHER_BUCKETS);
  }

  /** The bucket's name in the catalogue's words. */
  String bucketName() {
    if (bucket == null) {
      throw new IllegalStateException(this + " is no price bucket");
    }
    return bucket;
  }

  /** Position in arrays and in the format. */
  @SuppressWarnings("EnumOrdinal") // the order is the format
  int at() {
    return ordinal();
  }
}
