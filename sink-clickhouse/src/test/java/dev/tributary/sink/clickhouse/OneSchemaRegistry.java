package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.serde.CompatibilityLevel;
import dev.tributary.runtime.serde.InMemoryRegistry;
import dev.tributary.runtime.serde.SchemaRegistryClient;
import dev.tributary.runtime.serde.SchemaRegistryUnavailableException;
import dev.tributary.schemas.LedgerEntry;
import java.io.IOException;
import java.util.Optional;

/** Knows the ledger's schema under several ids. */
final class OneSchemaRegistry implements SchemaRegistryClient {
  private final InMemoryRegistry known = new InMemoryRegistry();
  private int awayForId;
  private int asked;

  /** Whoever asks for this id gets no answer. */
  void awayFor(int id) {
    awayForId = id;
  }

  int asked() {
    return asked;
  }

  @Override
  public Optional<String> schemaById(int id) {
    asked++;
    if (id == awayForId) {
      throw new SchemaRegistryUnavailableException("away", new IOException("away"));
    }
    return Optional.of(LedgerEntry.getClassSchema().toString());
  }

  @Override
  public int register(String subject, String schema) {
    return known.register(subject, schema);
  }

  @Override
  public Optional<Integer> lookup(String subject, String schema) {
    return known.lookup(subject, schema);
  }

  @Override
  public boolean hasVersions(String subject) {
    return known.hasVersions(subject);
  }

  @Override
  public boolean isCompatible(String subject, String schema) {
    return known.isCompatible(subject, schema);
  }

  @Override
  public void setCompatibility(String subject, CompatibilityLevel level) {
    known.setCompatibility(subject, level);
  }

  @Override
  public void close() {}
}
