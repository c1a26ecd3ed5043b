package dev.tributary.runtime.health;

/**
 * What a component says of itself.
 *
 * @param live false: only a restart can help
 * @param ready false: it does not do its work now
 * @param detail one line for a person; no record content
 */
public record Health(boolean live, boolean ready, String detail) {
  public static Health up(String detail) {
    return new Health(true, true, detail);
  }

  public static Health starting(String detail) {
    return new Health(true, false, detail);
  }

  public static Health dead(String detail) {
    return new Health(false, false, detail);
  }
}
