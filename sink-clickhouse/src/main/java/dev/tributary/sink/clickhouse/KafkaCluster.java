package dev.tributary.sink.clickhouse;

import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** The identity of the cluster that offsets belong to. */
final class KafkaCluster {
  private static final long TIMEOUT_S = 30;

  private KafkaCluster() {}

  /**
   * The cluster's id.
   *
   * @param clientProperties of any client of the cluster
   * @throws KafkaException when the cluster does not answer, or has no id
   */
  static String id(Properties clientProperties) {
    try (Admin admin = Admin.create(clientProperties)) {
      String id = admin.describeCluster().clusterId().get(TIMEOUT_S, TimeUnit.SECONDS);
      if (id == null || id.isEmpty()) {
        throw new KafkaException("the cluster has no id, which deduplication tokens need");
      }
      return id;
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("the cluster does not say its id", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while asking for the cluster's id", e);
    }
  }
}
