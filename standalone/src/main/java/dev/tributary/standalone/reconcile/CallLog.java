package dev.tributary.standalone.reconcile;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.importer.PriceBook;
import dev.tributary.pricing.reconcile.EstimatedUsage;
import dev.tributary.standalone.text.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.MalformedInputException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/**
 * Calls with their estimated costs as JSON lines, for those who have a log of another tool: {@code
 * response_id, ts, provider, model, project, tokens, batch, estimated_cost_usd}. The counts under
 * {@code tokens} are disjoint: input is what was not cached. The file is read twice and never kept.
 */
final class CallLog {
  /** The first report of a response. */
  private record First(Instant at, long line) {}

  private final Path file;
  private final ModelNames models;
  private final CallCosts costs;
  private final Map<String, First> firsts = new HashMap<>();
  private final UsageSums sums = new UsageSums();

  private CallLog(Path file, PriceBook book) {
    this.file = file;
    models = new ModelNames(book.catalogue());
    costs = new CallCosts(book);
  }

  /**
   * What a log says.
   *
   * @param otherwise calls whose estimate neither the catalogue gives nor prices that the log's own
   *     calls prove; it is spread over the buckets in the catalogue's proportions
   */
  record Read(List<EstimatedUsage> usage, long otherwise) {}

  /**
   * Reads a log.
   *
   * @param book says what each bucket of an estimate cost, of which the log has the sum only
   * @throws BillException naming the line that cannot be used
   */
  static Read read(Path file, PriceBook book) throws IOException {
    CallLog log = new CallLog(file, book);
    log.each(log::learn);
    log.costs.learned();
    log.each(log::add);
    return new Read(log.sums.usage(), log.costs.otherwise());
  }

  private void each(ObjLongConsumer<LoggedCall> consumer) throws IOException {
    try (BufferedReader reader = TextFile.reader(file)) {
      long number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          String place = file + ", line " + number;
          consumer.accept(LoggedCall.of(place, ReportJson.parse(place, line)), number);
        }
      }
    } catch (MalformedInputException e) {
      throw new IOException(file + ": not UTF-8", e);
    }
  }

  /** Of two reports the later one is the repetition, in whatever order they were written down. */
  private void learn(LoggedCall call, long line) {
    if (call.responseId() != null) {
      firsts.merge(
          response(call),
          new First(call.at(), line),
          (old, next) -> next.at.isBefore(old.at) ? next : old);
    }
    costs.learn(call);
  }

  private static String response(LoggedCall call) {
    return call.provider() + ' ' + call.responseId();
  }

  private void add(LoggedCall call, long line) {
    First first = call.responseId() == null ? null : firsts.get(response(call));
    Map<Bucket, BigDecimal> parts = costs.of(call);
    String model = models.of(call.provider(), call.model());
    call.counts()
        .forEach(
            (bucket, count) ->
                sums.add(
                    new EstimatedUsage(
                        call.provider(),
                        call.at(),
                        call.project(),
                        model,
                        bucket,
                        call.tier(),
                        count,
                        call.cost() == null ? null : parts.getOrDefault(bucket, BigDecimal.ZERO),
                        first != null && first.line != line)));
  }
}
