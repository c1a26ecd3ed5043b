package dev.tributary.normalize;

import dev.tributary.normalize.core.ContentLimits;
import dev.tributary.normalize.core.ContentPolicy;
import dev.tributary.normalize.core.NameRedaction;
import dev.tributary.normalize.core.NormalizeRules;
import dev.tributary.normalize.core.Pseudonyms;
import dev.tributary.normalize.core.TagMapping;
import dev.tributary.normalize.core.TimeBounds;
import dev.tributary.normalize.redact.Redactor;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.ContentMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of the module, validated.
 *
 * @param encoding of OTLP topics where a record's header does not say otherwise
 * @param encodingHeader name of that header
 * @param tenantHeader name of the record header that holds the tenant
 * @param rules what the pure part needs
 * @param userSecret secret behind users' pseudonyms; null: users are left out
 * @param tenantSecrets secrets of single tenants
 */
public record NormalizeConfig(
    OtlpEncoding encoding,
    String encodingHeader,
    String tenantHeader,
    NormalizeRules rules,
    @Nullable String userSecret,
    Map<String, String> tenantSecrets) {

  private static final String PREFIX = "tributary.normalize.";

  static final Setting<OtlpEncoding> ENCODING =
      Setting.choice(
          PREFIX + "encoding",
          OtlpEncoding.class,
          OtlpEncoding.OTLP_PROTO,
          "Encoding of the OTLP topics, as the Collector's exporter is configured");

  static final Setting<String> ENCODING_HEADER =
      Setting.text(
          PREFIX + "encoding-header",
          "tributary-encoding",
          "Record header that overrides the encoding: `otlp_proto` or `otlp_json`");

  static final Setting<String> TENANT_HEADER =
      Setting.text(
          PREFIX + "tenant-header",
          "tributary-tenant",
          "Record header that names the tenant; without it the tenant is `default`");

  static final Setting<Duration> MAX_AHEAD =
      Setting.duration(PREFIX + "max-ahead", "1h", "Spans further ahead of the clock are rejected")
          .atLeast(Duration.ZERO);

  static final Setting<Duration> MAX_AGE =
      Setting.duration(PREFIX + "max-age", "400d", "Spans older than this are rejected")
          .atLeast(Duration.ofHours(1));

  static final Setting<Long> CONTENT_LIMIT =
      Setting.bytes(
              PREFIX + "content-limit",
              "768KiB",
              "Text kept of one span; more is cut and marked. With names and framing it has to"
                  + " fit into a record")
          .atLeast(1L << 10)
          .atMost(64L << 20);

  static final Setting<Long> VALUE_LIMIT =
      Setting.bytes(PREFIX + "value-limit", "256KiB", "Text kept of one value of a span")
          .atLeast(1L << 8)
          .atMost(64L << 20);

  /** Secret from which each tenant's key for user pseudonyms is derived. */
  public static final Setting<Optional<String>> USER_SECRET =
      Setting.secret(
          PREFIX + "user-secret",
          "Secret from which each tenant's key for user pseudonyms is derived; without it user"
              + " ids are left out");

  static final Setting<Map<String, String>> TENANT_SECRETS =
      Setting.prefix(
          PREFIX + "tenant-secret.", "Secret of one tenant, by its name, instead of a derived one");

  static final Setting<Map<String, String>> TAGS =
      Setting.prefix(
          PREFIX + "tags.",
          "Attributes that state a tag, comma-separated, tried before the built-in ones; with a"
              + " leading `=` instead of them. Up to four names of your own are custom tags");

  static final Setting<String> CONTENT_MODE =
      Setting.text(
          PREFIX + "content-mode",
          "full",
          "What is kept of content: `full` (redacted text), `hash` (hashes) or `off` (counts)");

  static final Setting<Map<String, String>> ENVIRONMENT_MODES =
      Setting.prefix(
          PREFIX + "content-mode-of-environment.",
          "The same for one environment, by its name: `full`, `hash` or `off`");

  static final Setting<Map<String, String>> WORKSPACE_MODES =
      Setting.prefix(
          PREFIX + "content-mode-of-workspace.",
          "The same for one workspace; where an environment says otherwise, the one that keeps"
              + " less holds");

  static final Setting<Map<String, String>> REDACT =
      Setting.prefix(
          PREFIX + "redact.",
          "A regular expression (RE2 syntax) whose matches are redacted as well, by kind");

  /** All settings of the module. */
  public static final List<Setting<?>> SETTINGS =
      List.of(
          ENCODING,
          ENCODING_HEADER,
          TENANT_HEADER,
          MAX_AHEAD,
          MAX_AGE,
          CONTENT_LIMIT,
          VALUE_LIMIT,
          USER_SECRET,
          TENANT_SECRETS,
          TAGS,
          CONTENT_MODE,
          ENVIRONMENT_MODES,
          WORKSPACE_MODES,
          REDACT);

  /** Copies the map. */
  public NormalizeConfig {
    tenantSecrets = Map.copyOf(tenantSecrets);
  }

  /**
   * The configuration in these settings.
   *
   * @throws ConfigException when settings cannot be used together
   */
  public static NormalizeConfig from(Settings settings) {
    ContentLimits limits =
        new ContentLimits(
            Math.toIntExact(settings.get(CONTENT_LIMIT)),
            Math.toIntExact(settings.get(VALUE_LIMIT)),
            ContentLimits.DEFAULTS.maxAttributes(),
            ContentLimits.DEFAULTS.maxEvents());
    Map<String, String> secrets = settings.get(TENANT_SECRETS);
    secrets.forEach(NormalizeConfig::requireSecret);
    NormalizeRules rules =
        new NormalizeRules(
            tags(settings.get(TAGS)),
            RuleFiles.scopes(),
            limits,
            new TimeBounds(settings.get(MAX_AHEAD), settings.get(MAX_AGE)),
            privacy(settings));
    return new NormalizeConfig(
        settings.get(ENCODING),
        settings.get(ENCODING_HEADER),
        settings.get(TENANT_HEADER),
        rules,
        settings.get(USER_SECRET).orElse(null),
        secrets);
  }

  /** Everything at its default; for offline use. */
  public static NormalizeConfig defaults() {
    return from(Settings.of(Map.of()));
  }

  /** New pseudonyms under these secrets; for one thread. */
  public Pseudonyms pseudonyms() {
    return new Pseudonyms(userSecret, tenantSecrets);
  }

  /** What cleans names on records, under these secrets and patterns; for one thread. */
  public NameRedaction names() {
    return new NameRedaction(rules.privacy().redactor(), pseudonyms());
  }

  private static ContentPolicy privacy(Settings settings) {
    Map<String, String> patterns = settings.get(REDACT);
    for (String kind : patterns.keySet()) {
      if (!kind.matches("[a-z][a-z0-9_]{0,31}")) {
        throw new ConfigException(
            REDACT.key() + kind + ": a kind is named by lower-case letters, digits and '_'");
      }
    }
    try {
      return new ContentPolicy(
          Redactor.with(patterns),
          mode(CONTENT_MODE.key(), settings.get(CONTENT_MODE)),
          modes(ENVIRONMENT_MODES, settings),
          modes(WORKSPACE_MODES, settings));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(REDACT.key() + e.getMessage(), e);
    }
  }

  private static Map<String, ContentMode> modes(
      Setting<Map<String, String>> setting, Settings settings) {
    Map<String, ContentMode> modes = new HashMap<>();
    settings
        .get(setting)
        .forEach((name, text) -> modes.put(name, mode(setting.key() + name, text)));
    return modes;
  }

  private static ContentMode mode(String key, String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "full" -> ContentMode.FULL;
      case "hash" -> ContentMode.HASH;
      case "off" -> ContentMode.OFF;
      default -> throw new ConfigException(key + " is " + text + "; allowed: full, hash, off");
    };
  }

  private static void requireSecret(String tenant, String secret) {
    if (secret.isBlank()) {
      throw new ConfigException(TENANT_SECRETS.key() + tenant + " is empty; allowed: a secret");
    }
  }

  private static TagMapping tags(Map<String, String> configured) {
    Map<String, List<String>> before = new HashMap<>();
    Map<String, List<String>> instead = new HashMap<>();
    configured.forEach(
        (tag, text) -> {
          boolean isReplacing = text.startsWith("=");
          List<String> names =
              Arrays.stream((isReplacing ? text.substring(1) : text).split(","))
                  .map(String::strip)
                  .filter(name -> !name.isEmpty())
                  .toList();
          String name = tag.replace('.', '_').replace('-', '_');
          if (!name.matches("[a-z][a-z0-9_]{0,31}")) {
            throw new ConfigException(
                TAGS.key() + tag + ": a tag is named by lower-case letters, digits and '_'");
          }
          (isReplacing ? instead : before).put(name, names);
        });
    try {
      return RuleFiles.tags().with(before, false).with(instead, true);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(TAGS.key() + "*: " + e.getMessage(), e);
    }
  }
}
