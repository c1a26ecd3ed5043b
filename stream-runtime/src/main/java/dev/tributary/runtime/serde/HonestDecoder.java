package dev.tributary.runtime.serde;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro's decoder over an array, which refuses a list or map that states more entries than there are
 * bytes left. Avro 1.12.2 compares lengths of texts with what is there but makes room for as many
 * entries as a damaged count claims: one such record ended the process for lack of memory, and
 * again after every restart. No entry of our records is without bytes. For one thread.
 */
final class HonestDecoder extends Decoder {
  private BinaryDecoder in = DecoderFactory.get().binaryDecoder(new byte[0], null);

  /** Starts at a record; what was read before is forgotten. */
  void read(byte[] data, int offset, int length) {
    in = DecoderFactory.get().binaryDecoder(data, offset, length, in);
  }

  /** True where nothing is left. */
  boolean isEnd() throws IOException {
    return in.isEnd();
  }

  @Override
  public int remainingBytes() {
    return in.remainingBytes();
  }

  private long counted(long entries) throws IOException {
    if (entries > in.remainingBytes()) {
      throw new EOFException(entries + " entries in " + in.remainingBytes() + " bytes");
    }
    return entries;
  }

  @Override
  public long readArrayStart() throws IOException {
    return counted(in.readArrayStart());
  }

  @Override
  public long arrayNext() throws IOException {
    return counted(in.arrayNext());
  }

  @Override
  public long skipArray() throws IOException {
    return counted(in.skipArray());
  }

  @Override
  public long readMapStart() throws IOException {
    return counted(in.readMapStart());
  }

  @Override
  public long mapNext() throws IOException {
    return counted(in.mapNext());
  }

  @Override
  public long skipMap() throws IOException {
    return counted(in.skipMap());
  }

  @Override
  public void readNull() throws IOException {
    in.readNull();
  }

  @Override
  public boolean readBoolean() throws IOException {
    return in.readBoolean();
  }

  @Override
  public int readInt() throws IOException {
    return in.readInt();
  }

  @Override
  public long readLong() throws IOException {
    return in.readLong();
  }

  @Override
  public float readFloat() throws IOException {
    return in.readFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return in.readDouble();
  }

  @Override
  public Utf8 readString(@Nullable Utf8 old) throws IOException {
    return in.readString(old);
  }

  @Override
  public String readString() throws IOException {
    return in.readString();
  }

  @Override
  public void skipString() throws IOException {
    in.skipString();
  }

  @Override
  public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
    return in.readBytes(old);
  }

  @Override
  public void skipBytes() throws IOException {
    in.skipBytes();
  }

  @Override
  public void readFixed(byte[] bytes, int start, int length) throws IOException {
    in.readFixed(bytes, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    in.skipFixed(length);
  }

  @Override
  public int readEnum() throws IOException {
    return in.readEnum();
  }

  @Override
  public int readIndex() throws IOException {
    return in.readIndex();
  }
}
