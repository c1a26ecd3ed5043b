package dev.tributary.sink.clickhouse.core;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Workspaces whose text is kept shorter than that of the others. Immutable.
 *
 * @param byWorkspace how long each keeps text, from a span's end
 */
public record ContentPolicies(Map<Workspace, Duration> byWorkspace) {
  /** Names of one statement, which travel in its address. */
  static final int MOST_WORKSPACES = 100;

  private static final String FORM =
      "tenant/workspace=duration, as default/acme=3d, with odd characters of names as bytes of UTF-8, as"
          + " %2C";

  /**
   * A workspace of a tenant.
   *
   * @param tenant not empty
   * @param name as the ledger has it; {@code unattributed}: nobody knows the workspace
   */
  public record Workspace(String tenant, String name) {}

  /** Copies the map. */
  public ContentPolicies {
    byWorkspace = Map.copyOf(byWorkspace);
  }

  /**
   * Policies by what they are written as.
   *
   * @param written {@code tenant/workspace}; the first slash parts the two, and {@code %XX} is a
   *     byte of UTF-8
   * @throws IllegalArgumentException naming the policy and what is allowed
   */
  public static ContentPolicies of(Map<String, Duration> written) {
    Map<Workspace, Duration> policies = new HashMap<>();
    written.forEach(
        (name, kept) -> {
          if (policies.put(workspace(name), kept) != null) {
            throw new IllegalArgumentException(name + "; allowed: each workspace once");
          }
        });
    return new ContentPolicies(policies);
  }

  private static Workspace workspace(String written) {
    int slash = written.indexOf('/');
    if (slash < 1 || slash == written.length() - 1) {
      throw new IllegalArgumentException(written + "; allowed: " + FORM);
    }
    return new Workspace(
        decoded(written.substring(0, slash), written),
        decoded(written.substring(slash + 1), written));
  }

  private static String decoded(String name, String written) {
    byte[] from = name.getBytes(StandardCharsets.UTF_8);
    byte[] to = new byte[from.length];
    int length = 0;
    for (int i = 0; i < from.length; i++) {
      if (from[i] != '%') {
        to[length++] = from[i];
        continue;
      }
      int high = i + 2 < from.length ? Character.digit(from[i + 1], 16) : -1;
      int low = i + 2 < from.length ? Character.digit(from[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException(written + "; allowed: " + FORM);
      }
      to[length++] = (byte) (high << 4 | low);
      i += 2;
    }
    try {
      // Strictly: a name with a replacement character in it would be that of no workspace.
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(to, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(written + "; allowed: " + FORM, e);
    }
  }

  /** Whether no workspace has a policy of its own. */
  public boolean isEmpty() {
    return byWorkspace.isEmpty();
  }

  /** How long text is kept at least, whatever its workspace; empty: no policy shortens it. */
  public Optional<Duration> shortest() {
    return byWorkspace.values().stream().min(Duration::compareTo);
  }

  /**
   * What must be gone at this instant: workspaces that keep text equally long together, the
   * shortest first, so many at a time as one statement takes.
   */
  public List<ExpiredText> expired(Instant now) {
    Map<Duration, Collection<Workspace>> byDuration = new TreeMap<>();
    byWorkspace.forEach(
        (workspace, kept) ->
            byDuration.computeIfAbsent(kept, any -> new ArrayList<>()).add(workspace));
    List<ExpiredText> expired = new ArrayList<>();
    byDuration.forEach(
        (kept, workspaces) -> add(now.minus(kept), List.copyOf(workspaces), expired));
    return expired;
  }

  private static void add(Instant before, List<Workspace> workspaces, List<ExpiredText> to) {
    for (int i = 0; i < workspaces.size(); i += MOST_WORKSPACES) {
      int end = Math.min(i + MOST_WORKSPACES, workspaces.size());
      to.add(new ExpiredText(before, workspaces.subList(i, end)));
    }
  }
}
