package dev.tributary.normalize.core;

import dev.tributary.normalize.redact.Redactor;
import dev.tributary.schemas.ContentMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of texts.
 *
 * @param redactor what is taken out of every text
 * @param standard how content is kept where nothing below says otherwise
 * @param byEnvironment how content of an environment is kept
 * @param byWorkspace how content of a workspace is kept
 */
public record ContentPolicy(
    Redactor redactor,
    ContentMode standard,
    Map<String, ContentMode> byEnvironment,
    Map<String, ContentMode> byWorkspace) {
  /** Redacted text, everywhere. */
  public static final ContentPolicy STANDARD =
      new ContentPolicy(Redactor.STANDARD, ContentMode.FULL, Map.of(), Map.of());

  /** Copies the maps. */
  public ContentPolicy {
    byEnvironment = Map.copyOf(byEnvironment);
    byWorkspace = Map.copyOf(byWorkspace);
  }

  /** How content is kept; where workspace and environment both say, the one that keeps less. */
  ContentMode mode(@Nullable String workspace, @Nullable String environment) {
    ContentMode byPlace = environment == null ? null : byEnvironment.get(environment);
    ContentMode byOwner = workspace == null ? null : byWorkspace.get(workspace);
    if (byPlace == null) {
      return byOwner == null ? standard : byOwner;
    }
    // FULL, HASH, OFF: each keeps less than the one before.
    return byOwner == null || byOwner.compareTo(byPlace) < 0 ? byPlace : byOwner;
  }
}
