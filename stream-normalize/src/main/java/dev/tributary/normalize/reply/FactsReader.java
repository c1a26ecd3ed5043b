package dev.tributary.normalize.reply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects model, ids, tier and finish reasons over the parts of a reply. */
final class FactsReader {
  private static final int MAX_NAME = 256;
  private static final int MAX_CHOICES = 32;

  private @Nullable String model;
  private @Nullable String responseId;
  private @Nullable String serviceTier;
  private @Nullable String region;
  private final Map<Integer, String> reasons = new LinkedHashMap<>();
  private boolean isError;

  boolean isError() {
    return isError;
  }

  ReplyFacts facts(boolean isStream) {
    List<String> finished = new ArrayList<>(reasons.values());
    return new ReplyFacts(model, responseId, serviceTier, region, finished, isStream);
  }

  void add(JsonNode part) {
    isError |= part.hasNonNull("error") || part.path("type").asText().equals("error");
    JsonNode message = part.path("message");
    JsonNode response = part.path("response");
    if (model == null) {
      model =
          firstName(
              part.path("model"),
              message.path("model"),
              response.path("model"),
              part.path("modelVersion"),
              part.path("model_version"),
              response.path("modelVersion"),
              part.path("model_id"));
    }
    if (responseId == null) {
      responseId =
          firstName(
              message.path("id"),
              response.path("id"),
              part.path("id"),
              part.path("responseId"),
              part.path("generation_id"));
    }
    addTier(part, message, response);
    addReasons(part, response);
  }

  private void addTier(JsonNode part, JsonNode message, JsonNode response) {
    JsonNode usage = part.path("usage");
    JsonNode first = message.path("usage");
    String stated =
        firstName(
            usage.path("service_tier"),
            first.path("service_tier"),
            response.path("service_tier"),
            part.path("service_tier"),
            part.path("serviceTier").path("type"),
            part.path("metadata").path("serviceTier").path("type"));
    String speed = firstName(usage.path("speed"), first.path("speed"));
    String traffic = firstName(part.path("usageMetadata").path("trafficType"));
    if ("fast".equals(speed)) {
      serviceTier = speed;
    } else if (stated != null) {
      serviceTier = stated;
    } else if (traffic != null) {
      serviceTier = ofTraffic(traffic);
    }
    String geo = firstName(usage.path("inference_geo"), first.path("inference_geo"));
    region = geo == null ? region : geo;
  }

  /** Vertex's names of what a call was billed under. */
  private static String ofTraffic(String traffic) {
    return switch (traffic) {
      case "ON_DEMAND" -> "standard";
      case "ON_DEMAND_PRIORITY" -> "priority";
      case "ON_DEMAND_FLEX" -> "flex";
      case "PROVISIONED_THROUGHPUT" -> "provisioned";
      default -> traffic;
    };
  }

  private void addReasons(JsonNode part, JsonNode response) {
    choices(part.path("choices"), "finish_reason", "stop_reason");
    choices(part.path("candidates"), "finishReason", "finish_reason");
    choices(response.path("candidates"), "finishReason", "finish_reason");
    choices(part.path("results"), "completionReason", "stop_reason");
    choices(part.path("outputs"), "stop_reason", "finish_reason");
    choices(part.path("generations"), "finish_reason", "finish_reason");
    String only =
        firstName(
            part.path("stop_reason"),
            part.path("delta").path("stop_reason"),
            part.path("delta").path("finish_reason"),
            part.path("stopReason"),
            part.path("messageStop").path("stopReason"),
            part.path("finish_reason"),
            response.path("finish_reason"),
            part.path("done_reason"),
            part.path("completionReason"),
            part.path("details").path("finish_reason"),
            statusReason(part),
            statusReason(response));
    if (only != null) {
      reasons.put(0, only);
    }
  }

  private void choices(JsonNode choices, String name, String otherName) {
    int position = 0;
    for (JsonNode choice : choices) {
      int index = choice.path("index").asInt(position);
      String reason = firstName(choice.path(name), choice.path(otherName));
      if (reason != null && (reasons.size() < MAX_CHOICES || reasons.containsKey(index))) {
        reasons.put(index, reason);
      }
      position++;
    }
  }

  /** Responses end in a status; an incomplete one says why. */
  private static JsonNode statusReason(JsonNode response) {
    JsonNode status = response.path("status");
    if (!response.path("object").asText().equals("response")) {
      return response.path("no status");
    }
    JsonNode why = response.path("incomplete_details").path("reason");
    if (why.isTextual()) {
      return TextNode.valueOf("incomplete:" + why.textValue());
    }
    return status.asText().equals("in_progress") ? response.path("no status") : status;
  }

  private static @Nullable String firstName(JsonNode... nodes) {
    for (JsonNode node : nodes) {
      String text = node.textValue();
      if (text != null && isName(text)) {
        return text;
      }
    }
    return null;
  }

  private static boolean isName(String text) {
    if (text.isBlank() || text.length() > MAX_NAME) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ') {
        return false;
      }
    }
    return true;
  }
}
