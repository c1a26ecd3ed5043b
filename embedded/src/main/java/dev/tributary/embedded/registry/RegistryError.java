package dev.tributary.embedded.registry;

/** An answer that is no: becomes an HTTP status and Confluent's error code. */
final class RegistryError extends RuntimeException {

  private final int code;

  private RegistryError(int code, String message) {
    super(message);
    this.code = code;
  }

  /** Confluent's code: an HTTP status, or one with two more digits. */
  int code() {
    return code;
  }

  int status() {
    return code < 1000 ? code : code / 100;
  }

  static RegistryError of(int code, String message) {
    return new RegistryError(code, message);
  }

  static RegistryError subjectNotFound(String subject) {
    return new RegistryError(40401, "Subject '" + subject + "' not found.");
  }

  static RegistryError versionNotFound(Object version) {
    return new RegistryError(40402, "Version " + version + " not found.");
  }

  static RegistryError schemaNotFound() {
    return new RegistryError(40403, "Schema not found");
  }

  static RegistryError invalidSchema(String reason) {
    return new RegistryError(42201, "Invalid schema: " + reason);
  }
}
