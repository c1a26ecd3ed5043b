package dev.tributary.attribution;

import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.attribution.core.References;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.schemas.TopicNames;
import org.jspecify.annotations.Nullable;

/**
 * Attribution once more over recorded spans, into topics of its own. It reads spans and reference
 * data where the live application does and everything else, commands too, under another prefix, so
 * nothing it writes is ever seen as live.
 */
public final class AttributionReplay {
  private AttributionReplay() {}

  /**
   * The application. It needs an application id of its own.
   *
   * @param prefix put before the names of its own topics, the configured prefix included
   * @param tenant whose traces are booked under the version; those of others under theirs in force
   * @param version reference version, which exists
   */
  public static StreamsApp app(String prefix, String tenant, long version) {
    return new StreamsApp(
        AttributionTopology.MODULE,
        AttributionConfig.SETTINGS,
        context ->
            AttributionTopology.build(
                context,
                new AttributionTopology.Route(
                    context.topics(),
                    new TopicNames(prefix),
                    loaded -> new Pinned(loaded, tenant, version))));
  }

  /** New traces of one tenant are booked under one version, whatever is in force. */
  private record Pinned(References loaded, String tenant, long version) implements References {
    @Override
    public ReferenceView current(String of) {
      return of.equals(tenant) ? loaded.version(tenant, version) : loaded.current(of);
    }

    @Override
    public @Nullable ReferenceView find(String of, long wanted) {
      return loaded.find(of, wanted);
    }

    @Override
    public ReferenceView version(String of, long wanted) {
      return loaded.version(of, wanted);
    }
  }
}
