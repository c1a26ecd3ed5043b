package dev.tributary.attribution.core;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Applies commands on booked lines: from the trace while it is kept, else from the line in the
 * command. A command on another revision than the booked one is refused, and so is a second one of
 * the same run on a line. Later bookings keep what a command made of a line.
 */
public final class Corrections {
  private final JoinContext context;
  private final TraceBooker booker;
  private final StubJoin stubs;
  private final Function<String, @Nullable TraceState> states;

  Corrections(
      JoinContext context,
      TraceBooker booker,
      StubJoin stubs,
      Function<String, @Nullable TraceState> states) {
    this.context = context;
    this.booker = booker;
    this.stubs = stubs;
    this.states = states;
  }

  /**
   * Applies a command.
   *
   * @param key the record's; a line has one owner, and the key says who it is
   * @param runs the runs that are open
   * @param clockUs the partition's clock
   * @return why it is refused; null: applied, or nothing to change
   */
  public @Nullable RejectReason apply(
      String key, Correction command, CorrectionRuns runs, long clockUs) {
    if (command.getKind() == LineKind.UNKNOWN) {
      return RejectReason.UNKNOWN_COMMAND;
    }
    return switch (command.getCommand()) {
      // To guess would be to remove or change a line that nobody asked to.
      case UNKNOWN -> RejectReason.UNKNOWN_COMMAND;
      case OPEN_RUN -> runs.open(command);
      case CLOSE_RUN -> runs.close(command);
      default -> applyToLine(key, command, runs, clockUs);
    };
  }

  private @Nullable RejectReason applyToLine(
      String key, Correction command, CorrectionRuns runs, long clockUs) {
    if (!runs.isOpen(command)) {
      return RejectReason.RUN_NOT_OPEN;
    }
    if (runs.hasApplied(command)) {
      return RejectReason.REPEATED;
    }
    if (command.getSource().isEmpty() || command.getItem().isEmpty()) {
      return RejectReason.INCOMPLETE;
    }
    if (!key.equals(Keys.trace(command.getTenant(), command.getSource()))) {
      return RejectReason.WRONG_KEY;
    }
    LedgerLine target = command.getTargetLine();
    if (target != null && !isSameLine(command, target)) {
      return RejectReason.INCOMPLETE;
    }
    String trace = Keys.trace(command.getTenant(), command.getSource());
    TraceState state = command.getKind() == LineKind.USAGE ? states.apply(trace) : null;
    RejectReason refusal;
    if (state != null && hasLine(state, command.getItem())) {
      refusal = onState(state, command, clockUs);
    } else {
      refusal = onLineOfCommand(trace, command, state, clockUs);
    }
    if (refusal == null) {
      runs.applied(command);
    }
    return refusal;
  }

  private static boolean isSameLine(Correction command, LedgerLine line) {
    return line.getTenant().equals(command.getTenant())
        && line.getKind() == command.getKind()
        && line.getSource().equals(command.getSource())
        && line.getItem().equals(command.getItem());
  }

  private boolean hasLine(TraceState state, String item) {
    return state.lines().get(item) != null || overLimit(state, item) != null;
  }

  private SpanSlot.@Nullable OverLimit overLimit(TraceState state, String item) {
    if (!state.header.isOverLimit) {
      return null;
    }
    byte[] stored = context.stores.spans().get(JoinContext.slotKey(state.key, item));
    SpanSlot slot = stored == null ? null : SpanSlot.read(stored, context.codec);
    return slot instanceof SpanSlot.OverLimit over ? over : null;
  }

  private @Nullable RejectReason onState(TraceState state, Correction command, long clockUs) {
    BookedLine joined = state.lines().get(command.getItem());
    SpanSlot.OverLimit over = joined == null ? overLimit(state, command.getItem()) : null;
    BookedLine before = joined != null ? joined : over == null ? null : over.line();
    if (before == null) {
      return RejectReason.UNKNOWN_LINE;
    }
    if (command.getExpectedRevision() == null) {
      return RejectReason.ALREADY_BOOKED;
    }
    if (command.getExpectedRevision() != before.revision()) {
      return RejectReason.STALE_REVISION;
    }
    Outcome outcome = outcome(command, lineOf(before), before.override());
    if (outcome.refusal != null) {
      return outcome.refusal;
    }
    // A line that a command fixed stays fixed: the spans would bring back what it replaced.
    boolean isFixed = outcome.isFixed || before.isFixed();
    byte[] bytes = outcome.line == null ? new byte[0] : context.codec.encode(outcome.line);
    boolean differs = !Arrays.equals(bytes, before.bytes());
    CallResponse response =
        outcome.line == null
            ? before.response()
            : CallResponse.ofFixed(outcome.line, before.response());
    BookedLine now =
        new BookedLine(
            before.item(),
            differs ? before.revision() + 1 : before.revision(),
            bytes,
            isFixed,
            before.isCovered(),
            before.missing(),
            response,
            outcome.override);
    if (differs) {
      emit(state.key, command, before, now, outcome.line);
    }
    store(state, over, now, lineOf(before), outcome.line, differs, clockUs);
    return null;
  }

  private void store(
      TraceState state,
      SpanSlot.@Nullable OverLimit over,
      BookedLine now,
      @Nullable LedgerLine before,
      @Nullable LedgerLine line,
      boolean differs,
      long clockUs) {
    if (over != null) {
      SpanSlot.OverLimit slot =
          new SpanSlot.OverLimit(over.hash(), over.parentId(), over.owns(), over.usageBelow(), now);
      context.stores.spans().put(JoinContext.slotKey(state.key, now.item()), SpanSlot.write(slot));
      OverLimitJoin.recount(state.header, before, line);
      if (now.response().isCounted()) {
        context.putResponse(state.key, now.response());
      }
    } else {
      state.lines().put(now);
      state.lines().flush();
    }
    if (differs && state.header.isClosed()) {
      // The lines are right already; this sends the summary that follows from them.
      booker.book(state, clockUs, EntryCause.LATE_SPAN);
    }
    context.putHeader(state.key, state.header);
  }

  private @Nullable LedgerLine lineOf(BookedLine booked) {
    return booked.isPresent() ? context.codec.decodeLine(booked.bytes()) : null;
  }

  /** The trace is a stub or forgotten, or the line is none of a trace. */
  private @Nullable RejectReason onLineOfCommand(
      String trace, Correction command, @Nullable TraceState state, long clockUs) {
    LedgerLine current = command.getCurrentLine();
    Long expected = command.getExpectedRevision();
    if (current != null && !isSameLine(command, current)) {
      return RejectReason.INCOMPLETE;
    }
    if (state != null && state.get(command.getItem()) != null) {
      return RejectReason.ALREADY_BOOKED; // not yet, but the span is there and will be
    }
    TraceHeader header = state == null ? context.header(trace) : state.header;
    TraceHeader stub = header != null && header.status == TraceHeader.Status.STUB ? header : null;
    Stub.Known known = stub == null ? null : stubs.known(trace, stub, command.getItem());
    RejectReason stale = staleness(expected, known, current, state != null);
    if (stale != null) {
      return stale;
    }
    Outcome outcome = outcome(command, current, null);
    if (outcome.refusal != null) {
      return outcome.refusal;
    }
    byte[] before = current == null ? new byte[0] : context.codec.encode(current);
    byte[] bytes = outcome.line == null ? new byte[0] : context.codec.encode(outcome.line);
    if (Arrays.equals(before, bytes)) {
      return null;
    }
    long revision = expected == null ? 0 : expected;
    BookedLine booked =
        new BookedLine(
            command.getItem(), revision, before, false, false, null, CallResponse.NONE, null);
    BookedLine now =
        new BookedLine(
            command.getItem(), revision + 1, bytes, false, false, null, CallResponse.NONE, null);
    emit(trace, command, booked, now, outcome.line);
    if (state != null) {
      admit(state, command, now, clockUs);
    } else if (stub != null) {
      Stub.Known kept = known == null ? Stub.Known.NOTHING : known;
      byte[] late = kept.line().length == 0 ? kept.line() : bytes;
      stubs.remember(trace, command.getItem(), kept.revised(now.revision(), late));
      stubs.rememberFixed(trace, outcome.line);
    }
    return null;
  }

  /** The trace is kept and the span is not in it: the line stays as it is if the span comes. */
  private void admit(TraceState state, Correction command, BookedLine line, long clockUs) {
    state
        .lines()
        .put(
            new BookedLine(
                command.getItem(),
                line.revision(),
                line.bytes(),
                true,
                true,
                null,
                CallResponse.NONE,
                null));
    state.lines().flush();
    state.header.lineCount = state.lines().count();
    state.header.hasAdmitted = true;
    if (state.header.isClosed()) {
      booker.book(state, clockUs, EntryCause.LATE_SPAN);
    }
    context.putHeader(state.key, state.header);
  }

  private static @Nullable RejectReason staleness(
      @Nullable Long expected,
      Stub.@Nullable Known known,
      @Nullable LedgerLine current,
      boolean isTraceKept) {
    if (known != null) {
      if (expected == null) {
        return RejectReason.ALREADY_BOOKED;
      }
      return expected == known.revision() ? null : RejectReason.STALE_REVISION;
    }
    if (isTraceKept && expected != null) {
      return RejectReason.UNKNOWN_LINE;
    }
    return (expected == null) == (current == null) ? null : RejectReason.INCOMPLETE;
  }

  /** What a command makes of a line. */
  private static final class Outcome {
    @Nullable RejectReason refusal;
    @Nullable LedgerLine line;
    boolean isFixed;
    @Nullable LineOverride override;
  }

  private Outcome outcome(
      Correction command, @Nullable LedgerLine current, @Nullable LineOverride override) {
    Outcome outcome = new Outcome();
    switch (command.getCommand()) {
      case REPRICE, REATTRIBUTE -> recompute(outcome, command, current, override);
      case REPLACE -> {
        outcome.line = command.getTargetLine();
        outcome.isFixed = true;
      }
      default -> {
        outcome.line = command.getTargetLine();
        outcome.isFixed = true;
        outcome.refusal = outcome.line == null ? RejectReason.INCOMPLETE : null;
      }
    }
    return outcome;
  }

  private void recompute(
      Outcome outcome,
      Correction command,
      @Nullable LedgerLine current,
      @Nullable LineOverride override) {
    if (current == null) {
      outcome.refusal = RejectReason.UNKNOWN_LINE;
      return;
    }
    if (command.getTargetLine() != null) {
      outcome.line = command.getTargetLine();
      outcome.isFixed = true;
      return;
    }
    Long version = command.getReferenceVersion();
    ReferenceView view =
        version == null
            ? context.references.current(command.getTenant())
            : context.references.find(command.getTenant(), version);
    if (view == null) {
      outcome.refusal = RejectReason.UNKNOWN_REFERENCE;
      return;
    }
    boolean isPrice = command.getCommand() == dev.tributary.schemas.CorrectionCommand.REPRICE;
    outcome.line = isPrice ? Corrected.priced(current, view) : Corrected.attributed(current, view);
    outcome.override =
        isPrice
            ? LineOverride.priced(override, view.version())
            : LineOverride.attributed(override, view.version());
  }

  private void emit(
      String trace,
      Correction command,
      BookedLine before,
      BookedLine now,
      @Nullable LedgerLine line) {
    booker.retract(trace, before, command.getCause(), command.getRunId());
    if (line != null) {
      booker.send(
          trace,
          1,
          now.revision(),
          command.getCause(),
          command.getRunId(),
          line.getEventTimeUs(),
          now.bytes());
    }
  }
}
