package dev.tributary.attribution.core;

/**
 * A 64-bit content hash: FNV-1a over eight bytes at a time, finished with the mixer of SplitMix64.
 * It tells contents apart and breaks ties; it protects nothing.
 */
public final class Hash64 {
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Hash64() {}

  public static long of(byte[] content) {
    long hash = OFFSET ^ content.length;
    int i = 0;
    for (; i + 8 <= content.length; i += 8) {
      long word = 0;
      for (int j = 0; j < 8; j++) {
        word = (word << 8) | (content[i + j] & 0xFF);
      }
      hash = mix((hash ^ word) * PRIME);
    }
    for (; i < content.length; i++) {
      hash = (hash ^ (content[i] & 0xFF)) * PRIME;
    }
    return mix(hash);
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
