package dev.tributary.evalworker.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.resource.DisallowSchemaLoader;
import dev.tributary.evalworker.core.EvalCase.ToolCall;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Evaluators that hold JSON against a JSON Schema (draft 2020-12). Nothing is fetched. */
final class SchemaEvaluators {
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.builder(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012))
          // Whatever the others do not find, the library's own fetch from any address.
          .schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance()))
          .build();

  private static final SchemaValidatorsConfig CONFIG =
      SchemaValidatorsConfig.builder()
          .regularExpressionFactory(SchemaEvaluators::expression)
          .build();

  private SchemaEvaluators() {}

  /** {@code schema}: the answer is JSON of it. */
  static Verdict answer(EvalCase subject) {
    JsonSchema schema = schema(subject.need("schema"));
    if (schema == null) {
      throw new InvalidParametersException("schema: no JSON Schema", null);
    }
    JsonNode answer = MessageText.json(TextEvaluators.unfenced(subject.answer()));
    if (answer == null || answer.isMissingNode()) {
      return Verdict.passed(false, "The answer is no JSON.");
    }
    Set<ValidationMessage> problems = problems(schema, answer);
    return Verdict.passed(
        problems.isEmpty(), problems.isEmpty() ? "" : problems.iterator().next().getMessage());
  }

  /** Share of tool calls whose arguments are JSON of the schema that the trace states for it. */
  static Verdict toolCalls(EvalCase subject) {
    int checked = 0;
    int right = 0;
    StringBuilder wrong = new StringBuilder();
    for (ToolCall call : subject.toolCalls()) {
      Boolean isRight = isRight(call);
      if (isRight == null) {
        continue;
      }
      checked++;
      if (isRight) {
        right++;
      } else {
        wrong.append(wrong.length() == 0 ? "Wrong arguments: " : ", ").append(call.name());
      }
    }
    if (checked == 0) {
      return Verdict.failed(Verdict.Reason.NOTHING_TO_JUDGE);
    }
    double share = (double) right / checked;
    return new Verdict.Scored(share, share == 1 ? "pass" : "fail", wrong.toString());
  }

  /** Null: there is no schema, or none that can be applied; it says nothing of the other tools. */
  private static @Nullable Boolean isRight(ToolCall call) {
    JsonSchema schema = call.definition() == null ? null : schema(call.definition());
    if (schema == null) {
      return null;
    }
    JsonNode arguments = MessageText.json(call.arguments());
    try {
      return arguments != null && problems(schema, arguments).isEmpty();
    } catch (InvalidParametersException e) {
      return null;
    }
  }

  private static @Nullable JsonSchema schema(String text) {
    JsonNode json = MessageText.json(text);
    if (json == null || !(json.isObject() || json.isBoolean())) {
      return null;
    }
    try {
      SchemaSize.check(json);
      return SCHEMAS.getSchema(json, CONFIG);
    } catch (RuntimeException | StackOverflowError e) {
      // The library's, of any kind; the next worker would end of it, too.
      return null; // the caller says what that means for it
    }
  }

  /** Some schemas are found to be none only as they are applied, and some with certain values. */
  private static Set<ValidationMessage> problems(JsonSchema schema, JsonNode value) {
    try {
      SchemaSize.check(schema.getSchemaNode(), value);
      return schema.validate(value);
    } catch (InvalidParametersException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) { // the library's, of any kind
      throw new InvalidParametersException("schema: cannot be applied", e);
    }
  }

  /** One that gives up: schemas come from traces, too. */
  private static RegularExpression expression(String regex) {
    Pattern pattern = Pattern.compile(regex);
    return text -> pattern.matcher(new CountedText(text)).find();
  }
}
