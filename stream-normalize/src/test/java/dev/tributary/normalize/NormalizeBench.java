package dev.tributary.normalize;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tributary.normalize.core.Findings;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.Normalizer;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanContent;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * CPU time per span of parsing, normalising and encoding protobuf requests of about a hundred
 * recorded spans, one thread, after warm-up. A program, not a test: figures depend on the machine.
 */
final class NormalizeBench {
  private static final int SPANS_PER_BATCH = 100;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private NormalizeBench() {}

  public static void main(String[] args) throws IOException, MalformedOtlpException {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    String run = args.length > 1 ? args[1] : "";
    List<byte[]> batches = batches(run);
    long size = batches.stream().mapToLong(batch -> batch.length).sum();
    Work work = new Work();
    for (int round = 0; round < 4; round++) {
      long spans = 0;
      long parse = 0;
      long normalize = 0;
      long encode = 0;
      long end = cpu() + seconds * 1_000_000_000L;
      while (cpu() < end) {
        for (byte[] batch : batches) {
          long t0 = cpu();
          var parsed = OtlpProto.parse(batch);
          long t1 = cpu();
          List<NormalizeResult> results = work.normalizer.normalize(parsed, OtlpFixtures.CONTEXT);
          long t2 = cpu();
          work.encode(results);
          encode += cpu() - t2;
          normalize += t2 - t1;
          parse += t1 - t0;
          spans += results.size();
        }
      }
      System.out.printf(
          Locale.ROOT,
          "round %d: %.2f us/span = parse %.2f + normalise %.2f + encode %.2f; %d bytes/batch%n",
          round,
          (parse + normalize + encode) / 1e3 / spans,
          parse / 1e3 / spans,
          normalize / 1e3 / spans,
          encode / 1e3 / spans,
          size / batches.size());
    }
  }

  /** CPU time of this thread: other processes do not count. */
  private static long cpu() {
    return THREADS.getCurrentThreadCpuTime();
  }

  private static final class Work {
    private final Normalizer normalizer = OtlpFixtures.normalizer(Findings.IGNORED);
    private final SpecificData model = new SpecificData();
    private final SpecificDatumWriter<Span> spans =
        new SpecificDatumWriter<>(Span.getClassSchema(), model);
    private final SpecificDatumWriter<SpanContent> contents =
        new SpecificDatumWriter<>(SpanContent.getClassSchema(), model);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
    private BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);

    /** As the runtime's serde encodes. */
    private Work() {
      model.setCustomCoders(true);
    }

    private void encode(List<NormalizeResult> results) throws IOException {
      for (NormalizeResult result : results) {
        Normalized normalized = (Normalized) result;
        out.reset();
        encoder = EncoderFactory.get().binaryEncoder(out, encoder);
        spans.write(normalized.span(), encoder);
        encoder.flush();
        contents.write(normalized.content(), encoder);
        encoder.flush();
      }
    }
  }

  /** The recorded requests of a run (all when empty), joined. */
  private static List<byte[]> batches(String run) throws InvalidProtocolBufferException {
    List<byte[]> batches = new ArrayList<>();
    TracesData.Builder batch = TracesData.newBuilder();
    int count = 0;
    for (int i = 0; i < 3; i++) {
      for (String file : OtlpFixtures.names(".otlp.pb")) {
        if (file.startsWith(run)) {
          TracesData data = TracesData.parseFrom(OtlpFixtures.bytes(file));
          batch.addAllResourceSpans(data.getResourceSpansList());
          count += OtlpFixtures.parse(file).spanCount();
          if (count >= SPANS_PER_BATCH) {
            batches.add(batch.build().toByteArray());
            batch.clear();
            count = 0;
          }
        }
      }
    }
    return batches;
  }
}
