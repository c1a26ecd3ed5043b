package dev.tributary.runtime.serde;

import dev.tributary.runtime.serde.SerdeOptions.Store;
import java.io.File;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** TLS of the registry connection from key and trust store files. */
final class RegistryTls {

  private RegistryTls() {}

  /** Empty where nothing is configured: the JVM's defaults hold. */
  static Optional<SSLContext> context(SerdeOptions options) {
    if (options.trustStore().isEmpty() && options.keyStore().isEmpty()) {
      return Optional.empty();
    }
    TrustManager @Nullable [] trust = options.trustStore().map(RegistryTls::trust).orElse(null);
    KeyManager @Nullable [] keys = options.keyStore().map(RegistryTls::keys).orElse(null);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return Optional.of(context);
    } catch (GeneralSecurityException e) {
      throw new ConfigException("TLS for the schema registry cannot be set up: " + e.getMessage());
    }
  }

  private static TrustManager[] trust(Store store) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(load(store));
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw unreadable("trust store", store, e);
    }
  }

  private static KeyManager[] keys(Store store) {
    try {
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(load(store), password(store));
      return factory.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw unreadable("key store", store, e);
    }
  }

  /** PKCS12 or JKS, whichever the file is. */
  private static KeyStore load(Store store) throws GeneralSecurityException, IOException {
    File file = store.file().toFile();
    if (!file.isFile()) {
      throw new NoSuchFileException(file.getPath(), null, "no such file");
    }
    return KeyStore.getInstance(file, password(store));
  }

  private static char @Nullable [] password(Store store) {
    return store.password().map(String::toCharArray).orElse(null);
  }

  private static ConfigException unreadable(String what, Store store, Exception cause) {
    return new ConfigException(
        what + " of the schema registry, file", store.file(), String.valueOf(cause.getMessage()));
  }
}
