package dev.tributary.normalize;

import static com.google.protobuf.WireFormat.WIRETYPE_FIXED64;
import static com.google.protobuf.WireFormat.WIRETYPE_LENGTH_DELIMITED;
import static com.google.protobuf.WireFormat.WIRETYPE_VARINT;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.tributary.normalize.core.Attributes;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Walks over the fields of OTLP messages in a byte array. */
final class ProtoFields {
  /** Longer ids are cut: no id is that long, and it is stated in a rejection. */
  private static final int MAX_ID_BYTES = 64;

  private static final int TEXT =
      tag(AnyValue.STRING_VALUE_FIELD_NUMBER, WIRETYPE_LENGTH_DELIMITED);
  private static final int TRUTH = tag(AnyValue.BOOL_VALUE_FIELD_NUMBER, WIRETYPE_VARINT);
  private static final int WHOLE = tag(AnyValue.INT_VALUE_FIELD_NUMBER, WIRETYPE_VARINT);
  private static final int DECIMAL = tag(AnyValue.DOUBLE_VALUE_FIELD_NUMBER, WIRETYPE_FIXED64);
  private static final int BYTES =
      tag(AnyValue.BYTES_VALUE_FIELD_NUMBER, WIRETYPE_LENGTH_DELIMITED);
  private static final int LIST = tag(AnyValue.ARRAY_VALUE_FIELD_NUMBER, WIRETYPE_LENGTH_DELIMITED);
  private static final int MAP = tag(AnyValue.KVLIST_VALUE_FIELD_NUMBER, WIRETYPE_LENGTH_DELIMITED);

  private final byte[] bytes;
  private final CodedInputStream in;
  private int tag;

  ProtoFields(byte[] bytes) {
    this.bytes = bytes;
    this.in = CodedInputStream.newInstance(bytes);
  }

  /** Goes to the next field; false at the end of the message. */
  boolean next() throws IOException {
    tag = in.readTag();
    return tag != 0;
  }

  int field() {
    return WireFormat.getTagFieldNumber(tag);
  }

  int wireType() {
    return WireFormat.getTagWireType(tag);
  }

  /** True at a field of this number whose value has a length: message, text or bytes. */
  boolean isMessage(int number) {
    return field() == number && wireType() == WIRETYPE_LENGTH_DELIMITED;
  }

  /** Goes into the message at hand; the answer is for {@link #leave}. */
  int enter() throws IOException {
    return in.pushLimit(in.readRawVarint32());
  }

  void leave(int limit) throws IOException {
    in.checkLastTagWas(0);
    in.popLimit(limit);
  }

  /** How many bytes lie before the one at hand. */
  int position() {
    return in.getTotalBytesRead();
  }

  /** How many bytes lie before the end of the message at hand; only within one. */
  int end() {
    return in.getTotalBytesRead() + in.getBytesUntilLimit();
  }

  /**
   * Goes to the end of a message that cannot be read any further.
   *
   * @param end what {@link #end} answered in it
   */
  void abandon(int end) throws IOException {
    in.popLimit(end);
    in.skipRawBytes(end - position());
    // At the limit: says that the message has ended, which is what leaving it asks.
    tag = in.readTag();
  }

  void skip() throws IOException {
    in.skipField(tag);
  }

  long fixed64() throws IOException {
    return in.readRawLittleEndian64();
  }

  long varint() throws IOException {
    return in.readRawVarint64();
  }

  /** UTF-8; what is not becomes a replacement character: a broken text is no broken span. */
  String text() throws IOException {
    int length = in.readRawVarint32();
    int start = in.getTotalBytesRead();
    in.skipRawBytes(length);
    return new String(bytes, start, length, StandardCharsets.UTF_8);
  }

  /** An id as lower-case hex; too long a one is cut, and invalid either way. */
  String hex() throws IOException {
    int length = in.readRawVarint32();
    int start = in.getTotalBytesRead();
    in.skipRawBytes(length);
    return OtlpValues.hex(bytes, start, Math.min(length, MAX_ID_BYTES));
  }

  /** Adds the attribute at hand if the field has this number, else skips it. */
  void attributeOrSkip(int number, Attributes.Builder attributes) throws IOException {
    if (!isMessage(number)) {
      skip();
      return;
    }
    int limit = enter();
    String name = "";
    Object value = null;
    while (next()) {
      if (isMessage(KeyValue.KEY_FIELD_NUMBER)) {
        name = name();
      } else if (isMessage(KeyValue.VALUE_FIELD_NUMBER)) {
        value = value(0);
      } else {
        skip();
      }
    }
    leave(limit);
    attributes.add(name, value);
  }

  /** The {@code AnyValue} at hand; null: it holds none. */
  @Nullable Object anyValue() throws IOException {
    return value(0);
  }

  private String name() throws IOException {
    int length = in.readRawVarint32();
    int start = in.getTotalBytesRead();
    in.skipRawBytes(length);
    return NameTable.KNOWN.get(bytes, start, length);
  }

  private @Nullable Object value(int depth) throws IOException {
    int limit = enter();
    Object value = null;
    while (next()) {
      // A known field of another wire type is an unknown field: ignored, as protobuf says.
      if (tag == TEXT) {
        value = text();
      } else if (tag == WHOLE) {
        value = varint();
      } else if (tag == TRUTH) {
        value = varint() != 0;
      } else if (tag == DECIMAL) {
        value = Double.longBitsToDouble(fixed64());
      } else if (tag == LIST) {
        value = list(depth + 1);
      } else if (tag == MAP) {
        value = map(depth + 1);
      } else if (tag == BYTES) {
        value = in.readByteArray();
      } else {
        skip();
      }
    }
    leave(limit);
    return value;
  }

  private static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }

  private Object list(int depth) throws IOException {
    int limit = enter();
    List<@Nullable Object> list = new ArrayList<>();
    while (next()) {
      if (isMessage(ArrayValue.VALUES_FIELD_NUMBER) && depth <= OtlpValues.MAX_DEPTH) {
        list.add(value(depth));
      } else {
        skip();
      }
    }
    leave(limit);
    return depth > OtlpValues.MAX_DEPTH ? OtlpValues.TOO_DEEP : list;
  }

  private Object map(int depth) throws IOException {
    int limit = enter();
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (next()) {
      if (isMessage(KeyValueList.VALUES_FIELD_NUMBER) && depth <= OtlpValues.MAX_DEPTH) {
        int entry = enter();
        String name = "";
        Object value = null;
        while (next()) {
          if (isMessage(KeyValue.KEY_FIELD_NUMBER)) {
            name = text();
          } else if (isMessage(KeyValue.VALUE_FIELD_NUMBER)) {
            value = value(depth);
          } else {
            skip();
          }
        }
        leave(entry);
        map.put(name, value);
      } else {
        skip();
      }
    }
    leave(limit);
    return depth > OtlpValues.MAX_DEPTH ? OtlpValues.TOO_DEEP : map;
  }
}
