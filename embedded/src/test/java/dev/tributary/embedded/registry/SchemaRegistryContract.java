package dev.tributary.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What Tributary and Confluent's clients rely on in a registry. Extend it and give the base address
 * of any server with Confluent's API; subjects are new in each test, so it may hold other content,
 * and its global level is put back.
 */
abstract class SchemaRegistryContract {

  private static final String V1 = record("{\"name\":\"a\",\"type\":\"string\"}");
  private static final String V2 =
      record(
          "{\"name\":\"a\",\"type\":\"string\"}",
          "{\"name\":\"b\",\"type\":[\"null\",\"long\"],\"default\":null}");

  /** A new field without default: data of V1 cannot be read with it. */
  private static final String BREAKING =
      record("{\"name\":\"a\",\"type\":\"string\"}", "{\"name\":\"c\",\"type\":\"long\"}");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String subject = "topic-" + UUID.randomUUID() + "-value";

  /** Base address without a slash at the end. */
  abstract String url();

  /** An answer. */
  record Answer(int status, JsonNode body, String contentType) {
    int errorCode() {
      return body.path("error_code").asInt();
    }
  }

  @Test
  void register_sameSchemaTwice_isOneIdAndOneVersion() {
    int first = register(subject, V1);
    int second = register(subject, V1);

    assertThat(second).isEqualTo(first);
    assertThat(get("/subjects/" + subject + "/versions").body().toString()).isEqualTo("[1]");
  }

  @Test
  void register_sameSchemaInAnotherSubject_isTheSameId() {
    int id = register(subject, V1);

    assertThat(register(subject + "-2", V1)).isEqualTo(id);
    assertThat(get("/schemas/ids/" + id + "/subjects").body().toString())
        .contains(subject, subject + "-2");
  }

  @Test
  void register_otherWhitespace_isTheSameId() {
    int id = register(subject, V1);

    assertThat(register(subject, V1.replace(",", " , "))).isEqualTo(id);
  }

  @Test
  void register_compatibleSchema_isTheNextVersion() {
    int first = register(subject, V1);
    int second = register(subject, V2);

    assertThat(second).isNotEqualTo(first);
    Answer latest = get("/subjects/" + subject + "/versions/latest");
    assertThat(latest.body().path("id").asInt()).isEqualTo(second);
    assertThat(latest.body().path("version").asInt()).isEqualTo(2);
    assertThat(latest.body().path("subject").asText()).isEqualTo(subject);
    assertThat(latest.body().path("schema").asText()).contains("\"b\"");
  }

  @Test
  void register_incompatibleSchema_is409AndBurnsNothing() {
    level(subject, "FULL");
    register(subject, V1);

    Answer answer = post("/subjects/" + subject + "/versions", body(BREAKING));

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.errorCode()).isEqualTo(409);
    assertThat(get("/subjects/" + subject + "/versions").body().toString()).isEqualTo("[1]");
  }

  @Test
  void register_notASchema_is42201() {
    Answer answer = post("/subjects/" + subject + "/versions", body("{\"type\":\"recrod\"}"));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.errorCode()).isEqualTo(42201);
  }

  @Test
  void lookup_registeredSchema_tellsIdAndVersion() {
    int id = register(subject, V1);

    Answer answer = post("/subjects/" + subject, body(V1));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("id").asInt()).isEqualTo(id);
    assertThat(answer.body().path("version").asInt()).isEqualTo(1);
    assertThat(answer.contentType()).startsWith("application/vnd.schemaregistry.v1+json");
  }

  @Test
  void lookup_unknown_is40401ForTheSubjectAnd40403ForTheSchema() {
    assertThat(post("/subjects/" + subject, body(V1)).errorCode()).isEqualTo(40401);

    register(subject, V1);

    assertThat(post("/subjects/" + subject, body(V2)).errorCode()).isEqualTo(40403);
  }

  @Test
  void schemaById_known_isTheRegisteredText() throws IOException {
    int id = register(subject, V2);

    Answer answer = get("/schemas/ids/" + id);

    assertThat(JSON.readTree(answer.body().path("schema").asText())).isEqualTo(JSON.readTree(V2));
  }

  @Test
  void schemaById_unknown_is40403() {
    Answer answer = get("/schemas/ids/999999999");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.errorCode()).isEqualTo(40403);
  }

  @Test
  void version_unknown_is40401ForTheSubjectAnd40402ForTheVersion() {
    assertThat(get("/subjects/" + subject + "/versions").errorCode()).isEqualTo(40401);

    register(subject, V1);

    assertThat(get("/subjects/" + subject + "/versions/7").errorCode()).isEqualTo(40402);
    assertThat(get("/subjects/" + subject + "/versions/x").errorCode()).isEqualTo(42202);
  }

  @Test
  void versionsOfId_registered_namesSubjectAndVersion() {
    int id = register(subject, V1);

    assertThat(get("/schemas/ids/" + id + "/versions").body().toString())
        .contains("{\"subject\":\"" + subject + "\",\"version\":1}");
  }

  @Test
  void subjects_registered_areListed() {
    register(subject, V1);

    assertThat(get("/subjects").body().toString()).contains('"' + subject + '"');
    assertThat(get("/schemas/types").body().toString()).contains("AVRO");
  }

  @Test
  void subject_withCharactersToEscape_isKept() {
    String odd = "a b/c+d:" + subject;
    String path = "a%20b%2Fc%2Bd%3A" + subject;
    Answer registered = post("/subjects/" + path + "/versions", body(V1));

    assertThat(registered.status()).isEqualTo(200);
    assertThat(get("/subjects/" + path + "/versions/1").body().path("subject").asText())
        .isEqualTo(odd);
    // In a path a plus is a plus.
    assertThat(get("/subjects/" + path.replace("%2B", "+") + "/versions").status()).isEqualTo(200);
  }

  @Test
  void compatibility_verbose_saysWhyNot() {
    level(subject, "FULL");
    register(subject, V1);

    Answer good = post("/compatibility/subjects/" + subject + "/versions/latest", body(V2));
    Answer bad =
        post(
            "/compatibility/subjects/" + subject + "/versions/latest?verbose=true", body(BREAKING));

    assertThat(good.body().path("is_compatible").asBoolean()).isTrue();
    assertThat(bad.body().path("is_compatible").asBoolean(true)).isFalse();
    assertThat(bad.body().path("messages")).isNotEmpty();
  }

  @Test
  void config_levels_areKeptPerSubject() {
    assertThat(get("/config/" + subject).errorCode()).isEqualTo(40408);

    Answer set = level(subject, "BACKWARD");

    assertThat(set.body().path("compatibility").asText()).isEqualTo("BACKWARD");
    assertThat(get("/config/" + subject).body().path("compatibilityLevel").asText())
        .isEqualTo("BACKWARD");
    assertThat(level(subject, "SIDEWAYS").errorCode()).isEqualTo(42203);
  }

  @Test
  void config_backwardOnly_acceptsWhatFullRefuses() {
    // Dropping a field without default: old readers miss it, new readers do not.
    String dropped = record("{\"name\":\"b\",\"type\":[\"null\",\"long\"],\"default\":null}");
    level(subject, "FULL");
    register(subject, V2);
    assertThat(post("/subjects/" + subject + "/versions", body(dropped)).status()).isEqualTo(409);

    level(subject, "BACKWARD");

    assertThat(post("/subjects/" + subject + "/versions", body(dropped)).status()).isEqualTo(200);
  }

  /** What each level lets follow: a field less, a field more, a field come back with a new type. */
  @ParameterizedTest
  @CsvSource({
    "NONE,                200, 200, 200",
    "BACKWARD,            200, 409, 200",
    "BACKWARD_TRANSITIVE, 200, 409, 409",
    "FORWARD,             409, 200, 200",
    "FORWARD_TRANSITIVE,  409, 200, 409",
    "FULL,                409, 409, 200",
    "FULL_TRANSITIVE,     409, 409, 409"
  })
  void level_decidesWhatMayFollow(String level, int less, int more, int comesBack) {
    String a = "{\"name\":\"a\",\"type\":\"string\"}";
    String c = "{\"name\":\"c\",\"type\":\"string\"}";
    String otherC = "{\"name\":\"c\",\"type\":\"int\",\"default\":0}";

    assertThat(follows(level, subject + "-less", record(a), record(a, c))).isEqualTo(less);
    assertThat(follows(level, subject + "-more", record(a, c), record(a))).isEqualTo(more);
    assertThat(follows(level, subject + "-back", record(a, otherC), record(a, c), record(a)))
        .isEqualTo(comesBack);
  }

  /** The status of a schema after others, which are there whatever they are; oldest first. */
  private int follows(String level, String of, String next, String... earlier) {
    level(of, "NONE");
    for (String schema : earlier) {
      register(of, schema);
    }
    level(of, level);
    Answer asked = post("/compatibility/subjects/" + of + "/versions", body(next));
    Answer registered = post("/subjects/" + of + "/versions", body(next));
    assertThat(asked.body().path("is_compatible").asBoolean())
        .as("what is asked is what is done")
        .isEqualTo(registered.status() == 200);
    return registered.status();
  }

  @Test
  void compatibility_withOneVersion_isAskedOfThatOne() {
    level(subject, "NONE");
    register(subject, V1);
    register(subject, BREAKING);
    level(subject, "FULL");
    String path = "/compatibility/subjects/" + subject + "/versions/";

    assertThat(post(path + "1", body(V2)).body().path("is_compatible").asBoolean()).isTrue();
    assertThat(post(path + "2", body(V2)).body().path("is_compatible").asBoolean()).isFalse();
    assertThat(post(path + "latest", body(V2)).body().path("is_compatible").asBoolean()).isFalse();
    assertThat(post(path + "3", body(V2)).errorCode()).isEqualTo(40402);
  }

  @Test
  void compatibility_withASubjectThatIsNotThere_isYes() {
    String path = "/compatibility/subjects/" + subject + "/versions/latest";

    assertThat(post(path, body(V1)).body().path("is_compatible").asBoolean()).isTrue();
  }

  @Test
  void config_global_canBeSetAndPutBack() {
    String before = get("/config").body().path("compatibilityLevel").asText();
    try {
      call("PUT", "/config", "{\"compatibility\":\"NONE\"}");
      register(subject, V1);

      assertThat(post("/subjects/" + subject + "/versions", body(BREAKING)).status())
          .isEqualTo(200);
    } finally {
      call("PUT", "/config", "{\"compatibility\":\"" + before + "\"}");
    }
    assertThat(get("/config").body().path("compatibilityLevel").asText()).isEqualTo(before);
  }

  @Test
  void mode_global_isReadWrite() {
    assertThat(get("/mode").body().path("mode").asText()).isEqualTo("READWRITE");
  }

  @Test
  void delete_subject_isSoftFirstAndKeepsTheId() {
    int id = register(subject, V1);
    String path = "/subjects/" + subject;
    assertThat(call("DELETE", path + "?permanent=true", null).errorCode()).isEqualTo(40405);

    assertThat(call("DELETE", path, null).body().toString()).isEqualTo("[1]");

    assertThat(get(path + "/versions").errorCode()).isEqualTo(40401);
    assertThat(get(path + "/versions?deleted=true").body().toString()).isEqualTo("[1]");
    assertThat(call("DELETE", path, null).errorCode()).isEqualTo(40404);
    assertThat(get("/schemas/ids/" + id).status()).isEqualTo(200);
    assertThat(call("DELETE", path + "?permanent=true", null).body().toString()).isEqualTo("[1]");
    assertThat(get(path + "/versions?deleted=true").errorCode()).isEqualTo(40401);
  }

  @Test
  void delete_version_leavesTheOthers() {
    register(subject, V1);
    register(subject, V2);
    String path = "/subjects/" + subject + "/versions";

    assertThat(call("DELETE", path + "/1", null).body().asInt()).isEqualTo(1);

    assertThat(get(path).body().toString()).isEqualTo("[2]");
    assertThat(call("DELETE", path + "/1", null).errorCode()).isEqualTo(40406);
    assertThat(call("DELETE", path + "/2?permanent=true", null).errorCode()).isEqualTo(40407);
  }

  final int register(String subject, String schema) {
    Answer answer = post("/subjects/" + subject + "/versions", body(schema));
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.body().path("id").asInt();
  }

  private Answer level(String subject, String level) {
    return call("PUT", "/config/" + subject, "{\"compatibility\":\"" + level + "\"}");
  }

  final Answer get(String path) {
    return call("GET", path, null);
  }

  final void delete(String path) {
    assertThat(call("DELETE", path, null).status()).isEqualTo(200);
  }

  private Answer post(String path, String body) {
    return call("POST", path, body);
  }

  private Answer call(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/vnd.schemaregistry.v1+json");
    }
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          JSON.readTree(response.body()),
          response.headers().firstValue("Content-Type").orElse(""));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  private static String body(String schema) {
    return JSON.createObjectNode().put("schema", schema).toString();
  }

  static String record(String... fields) {
    return "{\"type\":\"record\",\"name\":\"R\",\"namespace\":\"x\",\"fields\":["
        + String.join(",", fields)
        + "]}";
  }
}
