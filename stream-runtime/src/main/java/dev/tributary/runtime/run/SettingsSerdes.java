package dev.tributary.runtime.run;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.serde.SerdeOptions;
import dev.tributary.runtime.serde.TopicSerdes;
import java.nio.file.Path;
import java.util.Optional;

/** Serdes as the settings say; also for processes that run no topology. */
public final class SettingsSerdes {
  private SettingsSerdes() {}

  /** Serdes; the registry is asked at the first record. The caller closes them. */
  public static TopicSerdes of(Settings settings) {
    return TopicSerdes.create(options(settings), maxValueBytes(settings));
  }

  /** What a value may take of the largest record. */
  static long maxValueBytes(Settings settings) {
    return settings.get(CommonSettings.MAX_RECORD_SIZE) - CommonSettings.RECORD_OVERHEAD;
  }

  /**
   * The options behind {@link #of}.
   *
   * @throws ConfigException when settings do not fit each other
   */
  public static SerdeOptions options(Settings settings) {
    SerdeOptions defaults = SerdeOptions.of("mock://defaults");
    Optional<String> user = settings.get(CommonSettings.REGISTRY_USER);
    Optional<String> password = settings.get(CommonSettings.REGISTRY_PASSWORD);
    if (user.isPresent() != password.isPresent()) {
      throw new ConfigException(
          CommonSettings.REGISTRY_USER.key()
              + " and "
              + CommonSettings.REGISTRY_PASSWORD.key()
              + " go together; only one is set");
    }
    try {
      return new SerdeOptions(
          settings.get(CommonSettings.REGISTRY_URL),
          user.map(name -> new SerdeOptions.BasicAuth(name, password.orElse(""))),
          store(
              settings,
              CommonSettings.REGISTRY_TRUST_STORE,
              CommonSettings.REGISTRY_TRUST_STORE_PASSWORD),
          store(
              settings,
              CommonSettings.REGISTRY_KEY_STORE,
              CommonSettings.REGISTRY_KEY_STORE_PASSWORD),
          settings.get(CommonSettings.REGISTRY_AUTO_REGISTER),
          defaults.compatibility(),
          defaults.requestTimeout(),
          defaults.retryFor(),
          settings.get(CommonSettings.SERIALIZER),
          settings.get(CommonSettings.DESERIALIZER),
          settings.get(CommonSettings.SERDE_CONFIG));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("registry settings: " + e.getMessage(), e);
    }
  }

  private static Optional<SerdeOptions.Store> store(
      Settings settings, Setting<Optional<String>> file, Setting<Optional<String>> password) {
    return settings
        .get(file)
        .map(path -> new SerdeOptions.Store(Path.of(path), settings.get(password)));
  }
}
