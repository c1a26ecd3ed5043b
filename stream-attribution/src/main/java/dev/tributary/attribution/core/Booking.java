package dev.tributary.attribution.core;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Span;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A booked trace: who owns which usage, all tags, all lines. Lines are made when asked for, so that
 * an open trace pays only for those that are due. Not safe for use by several threads.
 */
public final class Booking {
  private final SpanTree tree;
  private final ReferenceView view;
  private final BookOptions options;
  private final Inherited[] handedDown;
  private final Inherited fromRoot;
  private final @Nullable Attribution[] attributions;
  private final UsageRules usage;
  private final @Nullable LedgerLine[] lines;
  private @Nullable TraceFacts facts;

  Booking(SpanTree tree, ReferenceView view, BookOptions options) {
    this.tree = tree;
    this.view = view;
    this.options = options;
    this.handedDown = new Inherited[tree.size()];
    for (int position = 0; position < tree.size(); position++) {
      int i = tree.topDown(position);
      handedDown[i] = inherited(i).through(tree.span(i));
    }
    Span root = tree.rootSpan();
    this.fromRoot = root == null ? Inherited.NOTHING : Inherited.NOTHING.through(root);
    this.attributions = new @Nullable Attribution[tree.size()];
    this.lines = new @Nullable LedgerLine[tree.size()];
    this.usage =
        new UsageRules(
            tree, this::isShadow, this::mayOwn, this::hasUsageBelow, this::isCountedOutside);
  }

  private Inherited inherited(int i) {
    int parent = tree.parent(i);
    return parent < 0 ? Inherited.NOTHING : handedDown[parent];
  }

  private boolean isShadow(int i) {
    if (!view.rules().hasShadow()) {
      return false;
    }
    Span span = tree.span(i);
    OwnershipRules.Subject subject =
        new OwnershipRules.Subject(
            span.getServiceName(), null, attribution(i).getAgent().getValue(), span.getKeyAlias());
    return view.rules().isShadow(subject, span.getEndTimeUs());
  }

  private boolean mayOwn(int i) {
    return !options.isOverLimit() && (options.isClosed() || options.ripe().test(tree.span(i)));
  }

  private boolean hasUsageBelow(int i) {
    return !options.usageBelow().isEmpty()
        && options.usageBelow().contains(tree.span(i).getSpanId());
  }

  /**
   * Over the limit no aggregate owns what a call without usage used, and it stays the call whose
   * usage came later.
   */
  private boolean isCountedOutside(int i) {
    Span span = tree.span(i);
    boolean mayCount = !options.isOverLimit() || SpanKinds.carriesUsage(span);
    return mayCount
        && span.getResponseId() != null
        && options.countedOutside().test(span.getResponseId());
  }

  /** Spans in the trace. */
  public int size() {
    return tree.size();
  }

  /** A span, by its number; numbers follow start and id. */
  public Span span(int i) {
    return tree.span(i);
  }

  /** The root span; null where none has come. */
  public @Nullable Span root() {
    return tree.rootSpan();
  }

  /** True where the span's usage is counted on its own line. */
  public boolean ownsUsage(int i) {
    return usage.decision(i).owns();
  }

  /**
   * True where the span carries usage that it may own as soon as it is certain nobody else does.
   */
  boolean waitsForDescendants(int i) {
    return usage.decision(i) == UsageDecision.NOT_YET && !options.isOverLimit();
  }

  /** All tags of a span with their provenance. */
  public Attribution attribution(int i) {
    Attribution known = attributions[i];
    if (known == null) {
      TagResolution.Places places =
          new TagResolution.Places(Provenance.OWN, inherited(i), fromRoot, Provenance.TRACE_ROOT);
      known = TagResolution.resolve(tree.span(i), places, view.rules());
      attributions[i] = known;
    }
    return known;
  }

  /** The session of a span: its own, its nearest ancestor's, the root's; null: none. */
  public @Nullable String sessionId(int i) {
    String nearest = handedDown[i].sessionId();
    return nearest != null ? nearest : fromRoot.sessionId();
  }

  /** The session of the trace: the root's, else that of the first span that has one. */
  public @Nullable String sessionId() {
    if (fromRoot.sessionId() != null) {
      return fromRoot.sessionId();
    }
    for (int i = 0; i < tree.size(); i++) {
      if (tree.span(i).getSessionId() != null) {
        return tree.span(i).getSessionId();
      }
    }
    return null;
  }

  /** The pseudonym of the user, found like the session. */
  @Nullable String userHash() {
    if (fromRoot.userHash() != null) {
      return fromRoot.userHash();
    }
    for (int i = 0; i < tree.size(); i++) {
      if (tree.span(i).getUserHash() != null) {
        return tree.span(i).getUserHash();
      }
    }
    return null;
  }

  /** The span that speaks for the trace: the root, else the first by start and id. */
  int speaker() {
    return Math.max(tree.root(), 0);
  }

  /** The line of a span. */
  public LedgerLine line(int i) {
    LedgerLine known = lines[i];
    if (known == null) {
      known =
          corrected(
              LineFactory.spanLine(
                  tree.span(i), attribution(i), usage.decision(i), usage.isLogicalCall(i), view));
      lines[i] = known;
    }
    return known;
  }

  private LedgerLine corrected(LedgerLine line) {
    LineOverride override = options.overrides().get(line.getItem());
    if (override == null) {
      return line;
    }
    LedgerLine result = line;
    if (override.ruleVersion() != null) {
      result = Corrected.attributed(result, options.views().apply(override.ruleVersion()));
    }
    if (override.priceVersion() != null) {
      result = Corrected.priced(result, options.views().apply(override.priceVersion()));
    }
    if (result.getReferenceVersion() != override.lastVersion()) {
      result = LineCopy.of(result);
      result.setReferenceVersion(override.lastVersion());
    }
    return result;
  }

  /** The line of the trace itself; null while it is open. */
  public @Nullable LedgerLine traceLine() {
    return options.isClosed() ? corrected(facts().traceLine()) : null;
  }

  /** Hands out every line: the spans' in the order of their numbers, then the trace's. */
  public void forEachLine(Consumer<LedgerLine> consumer) {
    for (int i = 0; i < tree.size(); i++) {
      consumer.accept(line(i));
    }
    LedgerLine own = traceLine();
    if (own != null) {
      consumer.accept(own);
    }
  }

  TraceFacts facts() {
    TraceFacts known = facts;
    if (known == null) {
      known = new TraceFacts(this, tree, usage);
      facts = known;
    }
    return known;
  }

  /** Where each line stands in the tree. */
  BookedLine.Place[] places() {
    BookedLine.Place[] places = new BookedLine.Place[tree.size()];
    for (int position = 0; position < tree.size(); position++) {
      int i = tree.topDown(position);
      int above = tree.attachedTo(i);
      boolean covered = usage.decision(i).owns() || (above >= 0 && places[above].isCovered());
      int parent = tree.parent(i);
      String missing = parent >= 0 ? places[parent].missing() : tree.span(i).getParentSpanId();
      places[i] =
          new BookedLine.Place(
              covered,
              tree.isOrphan(i) || parent >= 0 ? missing : null,
              CallResponse.of(tree.span(i), usage.decision(i), covered, usage.isLogicalCall(i)));
    }
    return places;
  }

  /** Ids of parents that never came and below which usage is counted. */
  java.util.Set<String> awaited() {
    java.util.Set<String> awaited = new java.util.TreeSet<>();
    boolean[] ownersBelow = new boolean[tree.size()];
    for (int position = tree.size() - 1; position >= 0; position--) {
      int i = tree.topDown(position);
      ownersBelow[i] |= usage.decision(i).owns() || hasUsageBelow(i);
      int above = tree.parent(i);
      if (above >= 0) {
        ownersBelow[above] |= ownersBelow[i];
      } else if (tree.isOrphan(i) && ownersBelow[i]) {
        String parentId = tree.span(i).getParentSpanId();
        if (parentId != null) {
          awaited.add(parentId);
        }
      }
    }
    return awaited;
  }

  ReferenceView view() {
    return view;
  }
}
