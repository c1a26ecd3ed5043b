package dev.tributary.sink.clickhouse;

import java.time.Duration;

/**
 * Where ClickHouse is.
 *
 * @param url HTTP address, {@code http://host:8123}
 * @param user user name
 * @param password empty: none
 * @param database database that holds the tables; made where it is missing
 * @param timeout limit of one request; an insert that takes longer counts as failed and is retried
 *     under the same token
 */
public record ClickHouseOptions(
    String url, String user, String password, String database, Duration timeout) {

  /** Everything but the password. */
  @Override
  public String toString() {
    return url + ", database " + database + ", user " + user;
  }
}
