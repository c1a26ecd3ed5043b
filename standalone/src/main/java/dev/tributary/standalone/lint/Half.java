package dev.tributary.standalone.lint;

import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UnitUsage;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which half of its usage a call states; the view {@code instrumentation_checks} has the same. */
enum Half {
  /** Both, or nothing at all, or it is no call that has both. */
  NONE,
  /** Input tokens without output tokens. */
  INPUT_ONLY,
  /** Output tokens without input tokens. */
  OUTPUT_ONLY;

  /** Operations whose answer is an image, a film or a voice; table {@code media_calls} has them. */
  static final Set<String> MEDIA =
      Set.of(
          "image",
          "image_generation",
          "aimage_generation",
          "image_edit",
          "aimage_edit",
          "image_variation",
          "aimage_variation",
          "video_generation",
          "avideo_generation",
          "text_to_speech",
          "speech",
          "aspeech");

  /**
   * Only of answered calls of a model that writes: an embedding has no output, what is paid by the
   * second, the page or the image, or is no text, may have one side only, and where a filter or a
   * refusal stood in the way nothing may have been written.
   */
  static Half of(LintedSpan linted) {
    Span span = linted.span();
    TokenUsage usage = span.getUsage();
    if (usage == null
        || !Field.isAnsweredChat(linted)
        || isMedia(usage)
        || isMediaMade(span)
        || isHeldBack(span)) {
      return NONE;
    }
    boolean hasInput =
        isAny(
            usage.getInputUncached(),
            usage.getCacheRead(),
            usage.getCacheWrite5m(),
            usage.getCacheWrite1h());
    boolean hasOutput = isAny(usage.getOutputText(), usage.getReasoning());
    if (hasInput == hasOutput) {
      return NONE;
    }
    return hasInput ? INPUT_ONLY : OUTPUT_ONLY;
  }

  private static boolean isHeldBack(Span span) {
    return span.getFinishReasons().contains(FinishReason.CONTENT_FILTER)
        || span.getFinishReasons().contains(FinishReason.REFUSAL);
  }

  private static boolean isMediaMade(Span span) {
    String operation = span.getOperation();
    return operation != null && MEDIA.contains(operation);
  }

  private static boolean isMedia(TokenUsage usage) {
    UnitUsage units = usage.getUnits();
    return (units != null && isAny(units.getSeconds(), units.getPages()))
        || isAny(
            usage.getInputAudio(),
            usage.getInputImage(),
            usage.getOutputAudio(),
            usage.getOutputImage());
  }

  private static boolean isAny(@Nullable Long... counts) {
    for (Long count : counts) {
      if (count != null) {
        return true;
      }
    }
    return false;
  }
}
