package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UsageQuality;
import org.jspecify.annotations.Nullable;

/**
 * What the outermost non-owning carriers state beyond what is counted below them, as input and
 * output totals: aggregates rarely split their buckets the way their calls do.
 */
final class Residual {
  private final SpanTree tree;
  private final UsageRules usage;
  private @Nullable TokenUsage tokens;
  private @Nullable UsageQuality quality;

  Residual(SpanTree tree, UsageRules usage) {
    this.tree = tree;
    this.usage = usage;
    for (int i = 0; i < tree.size(); i++) {
      if (usage.decision(i) == UsageDecision.BELOW) {
        find();
        return;
      }
    }
  }

  private void find() {
    int n = tree.size();
    @Nullable Long[] inputBelow = new @Nullable Long[n];
    @Nullable Long[] outputBelow = new @Nullable Long[n];
    for (int position = n - 1; position >= 0; position--) {
      int i = tree.topDown(position);
      if (usage.decision(i).owns()) {
        inputBelow[i] = plus(inputBelow[i], TokenTotals.input(tree.span(i).getUsage()));
        outputBelow[i] = plus(outputBelow[i], TokenTotals.output(tree.span(i).getUsage()));
      }
      int above = tree.attachedTo(i);
      if (above >= 0) {
        inputBelow[above] = plus(inputBelow[above], inputBelow[i]);
        outputBelow[above] = plus(outputBelow[above], outputBelow[i]);
      }
    }
    boolean[] inside = new boolean[n];
    for (int position = 0; position < n; position++) {
      int i = tree.topDown(position);
      int above = tree.attachedTo(i);
      boolean states = usage.decision(i) == UsageDecision.BELOW;
      inside[i] = states || (above >= 0 && inside[above]);
      if (states && (above < 0 || !inside[above])) {
        add(tree.span(i), inputBelow[i], outputBelow[i]);
      }
    }
  }

  private void add(Span span, @Nullable Long inputBelow, @Nullable Long outputBelow) {
    Long input = beyond(TokenTotals.input(span.getUsage()), inputBelow);
    Long output = beyond(TokenTotals.output(span.getUsage()), outputBelow);
    if (input == null && output == null) {
      return;
    }
    TokenUsage more =
        new TokenUsage(input, null, null, null, null, null, output, null, null, null, false, null);
    tokens = TokenTotals.sum(tokens, more);
    UsageQuality stated = span.getUsageQuality();
    quality =
        quality == null || SpanKinds.rank(stated) > SpanKinds.rank(quality) ? stated : quality;
  }

  private static @Nullable Long plus(@Nullable Long left, @Nullable Long right) {
    return left == null ? right : right == null ? left : Long.valueOf(Math.addExact(left, right));
  }

  private static @Nullable Long beyond(@Nullable Long stated, @Nullable Long below) {
    if (stated == null) {
      return null;
    }
    long difference = stated - (below == null ? 0 : below);
    return difference > 0 ? difference : null;
  }

  /** Null: nobody states more than is counted. */
  @Nullable TokenUsage tokens() {
    return tokens;
  }

  /** The worst quality of what is in it; null: none. */
  @Nullable UsageQuality quality() {
    return quality;
  }
}
