package dev.tributary.standalone.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.Money;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * JSON of providers: numbers go straight into decimals, and what is wrong is named by its place.
 */
final class ReportJson {
  /** More digits than any bill has, and few enough to be added up quickly. */
  private static final int MOST_DIGITS = 60;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private ReportJson() {}

  /**
   * The document.
   *
   * @param place file, perhaps with a line
   */
  static JsonNode parse(String place, String text) {
    if (text.isBlank()) {
      throw new BillException(place + ": is empty");
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new BillException(place + ": not JSON: " + e.getOriginalMessage());
    }
  }

  /** The list under that name; fails where there is none. */
  static JsonNode list(String place, JsonNode node, String name) {
    JsonNode list = node.path(name);
    if (!list.isArray()) {
      throw new BillException(place + ": '" + name + "' must be a list");
    }
    return list;
  }

  /** The text under that name; null: absent, or null. */
  static @Nullable String text(String place, JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new BillException(place + ": '" + name + "' must be a text");
    }
    return value.textValue();
  }

  /** The text under that name; fails where there is none. */
  static String requiredText(String place, JsonNode node, String name) {
    String text = text(place, node, name);
    if (text == null) {
      throw new BillException(place + ": '" + name + "' is missing");
    }
    return text;
  }

  /** The decimal under that name, a number or a text; null: absent, or null. */
  static @Nullable BigDecimal decimal(String place, JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    try {
      BigDecimal decimal = value.isNumber() ? value.decimalValue() : new BigDecimal(value.asText());
      if (decimal.precision() <= MOST_DIGITS && Math.abs(decimal.scale()) <= MOST_DIGITS) {
        return decimal;
      }
    } catch (NumberFormatException e) {
      // Said below, with the place.
    }
    throw new BillException(place + ": '" + name + "' must be a decimal number: " + value);
  }

  /**
   * An amount of a bill. Digits behind the ledger's last place are what a double adds, and are
   * rounded away, half to even.
   */
  static BigDecimal money(BigDecimal amount) {
    return amount.scale() > Money.BOOKED_SCALE ? Money.book(amount) : amount;
  }

  /** Refuses any currency but that of the ledger: an exchange rate would be a guess. */
  static void requireCurrency(String place, @Nullable String currency) {
    if (currency == null || !currency.toUpperCase(Locale.ROOT).equals(Catalogue.LEDGER_CURRENCY)) {
      throw new BillException(
          place + ": currency " + currency + "; only " + Catalogue.LEDGER_CURRENCY + " is allowed");
    }
  }
}
