package dev.tributary.embedded.clickhouse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The engine's configuration: memory bounds, and thread pools sized for a process that shares its
 * machine with a broker and the streams.
 */
final class EngineConfigFile {

  private EngineConfigFile() {}

  /** Writes the file into the data directory and returns its path. */
  static Path write(Path dataDir, long maxMemoryBytes) throws IOException {
    Path file = dataDir.resolve("tributary-engine.xml");
    // Caches take what is left after queries and merges; a 16th each keeps them minor.
    long markCacheBytes = Math.max(8L << 20, maxMemoryBytes / 16);
    // The merge_tree thresholds must not exceed the pool, or the engine refuses to merge.
    String xml =
        """
        <clickhouse>
          <max_server_memory_usage>%d</max_server_memory_usage>
          <mark_cache_size>%d</mark_cache_size>
          <index_mark_cache_size>%d</index_mark_cache_size>
          <uncompressed_cache_size>0</uncompressed_cache_size>
          <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
          <background_pool_size>4</background_pool_size>
          <background_common_pool_size>2</background_common_pool_size>
          <background_move_pool_size>1</background_move_pool_size>
          <background_fetches_pool_size>1</background_fetches_pool_size>
          <background_schedule_pool_size>8</background_schedule_pool_size>
          <background_buffer_flush_schedule_pool_size>1</background_buffer_flush_schedule_pool_size>
          <background_message_broker_schedule_pool_size>1</background_message_broker_schedule_pool_size>
          <background_distributed_schedule_pool_size>1</background_distributed_schedule_pool_size>
          <merge_tree>
            <number_of_free_entries_in_pool_to_execute_mutation>2</number_of_free_entries_in_pool_to_execute_mutation>
            <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
            <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>2</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
          </merge_tree>
        </clickhouse>
        """
            .formatted(maxMemoryBytes, markCacheBytes, markCacheBytes);
    return Files.writeString(file, xml);
  }
}
