package dev.tributary.sink.clickhouse;

import com.clickhouse.client.api.Client;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

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

  /** A client that asks once: whether to ask again is for whoever knows what was asked. */
  Client client() {
    long timeoutMs = timeout.toMillis();
    return new Client.Builder()
        .addEndpoint(url)
        .setUsername(user)
        .setPassword(password)
        .setDefaultDatabase(database)
        .setClientName("tributary-sink")
        .setConnectTimeout(Math.min(timeoutMs, 10_000), ChronoUnit.MILLIS)
        .setSocketTimeout(timeoutMs, ChronoUnit.MILLIS)
        .setMaxRetries(0)
        .compressClientRequest(false)
        .compressServerResponse(false)
        .build();
  }

  /** Everything but the password. */
  @Override
  public String toString() {
    return url + ", database " + database + ", user " + user;
  }
}
