package dev.tributary.alertrouter.core;

import dev.tributary.pricing.Glob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What reference data says about alerts of one tenant. Immutable.
 *
 * @param owners routes by team, from the ownership table, each with its validity
 * @param silences silences and maintenance windows
 * @param teams what teams want, the most specific name first
 */
public record RoutingTable(List<Owner> owners, List<Silence> silences, List<TeamRouting> teams) {
  /** A name without a star before one with; of two patterns the longer; at a tie the smaller id. */
  private static final Comparator<TeamRouting> MOST_SPECIFIC =
      Comparator.<TeamRouting, Boolean>comparing(team -> team.team().contains("*"))
          .thenComparing(team -> -team.team().length())
          .thenComparing(TeamRouting::id);

  /** Nothing known. */
  public static final RoutingTable EMPTY = new RoutingTable(List.of(), List.of(), List.of());

  /**
   * Routes of a team by an ownership rule.
   *
   * @param team as the rule sets it
   * @param routes its {@code alert_routes}
   * @param from valid from (inclusive); null: always
   * @param until valid until (exclusive); null: open
   */
  public record Owner(
      String team, List<String> routes, @Nullable Instant from, @Nullable Instant until) {
    /** Copies the routes. */
    public Owner {
      routes = List.copyOf(routes);
    }

    boolean isValidAt(Instant at) {
      return (from == null || !at.isBefore(from)) && (until == null || at.isBefore(until));
    }
  }

  /** Sorts the teams. */
  public RoutingTable {
    owners = List.copyOf(owners);
    silences = List.copyOf(silences);
    teams = teams.stream().sorted(MOST_SPECIFIC).toList();
  }

  /** The silence that holds for an alert; null: none. */
  public @Nullable Silence silence(Notice notice, Instant at) {
    return silences.stream().filter(silence -> silence.holds(notice, at)).findFirst().orElse(null);
  }

  /** What a team wants; null: nothing special. */
  public @Nullable TeamRouting team(String team) {
    return teams.stream().filter(wish -> Glob.matches(wish.team(), team)).findFirst().orElse(null);
  }

  /**
   * Routes of a team: as it wants them, else those that are stated, else the ownership table's.
   *
   * @param stated routes that the alert carries
   */
  public List<String> routes(String team, List<String> stated, Instant at) {
    TeamRouting wish = team(team);
    if (wish != null && !wish.routes().isEmpty()) {
      return wish.routes();
    }
    if (!stated.isEmpty()) {
      return distinct(stated);
    }
    Set<String> routes = new LinkedHashSet<>();
    for (Owner owner : owners) {
      if (owner.team().equals(team) && owner.isValidAt(at)) {
        routes.addAll(owner.routes());
      }
    }
    return List.copyOf(routes);
  }

  private static List<String> distinct(List<String> routes) {
    return List.copyOf(new LinkedHashSet<>(routes));
  }

  /** Tables by tenant; immutable. */
  public record ByTenant(Map<String, RoutingTable> tables) {
    /** No tenant has any. */
    public static final ByTenant EMPTY = new ByTenant(Map.of());

    /** Copies the map. */
    public ByTenant {
      tables = Map.copyOf(tables);
    }

    /** The tenant's table, empty where it has none. */
    public RoutingTable of(String tenant) {
      return tables.getOrDefault(tenant, RoutingTable.EMPTY);
    }

    /** The same with one tenant's table replaced. */
    public ByTenant with(String tenant, RoutingTable table) {
      Map<String, RoutingTable> next = new TreeMap<>(tables);
      next.put(tenant, table);
      return new ByTenant(next);
    }

    /** Tenants that have one, sorted. */
    public List<String> tenants() {
      return new ArrayList<>(new TreeMap<>(tables).keySet());
    }
  }
}
