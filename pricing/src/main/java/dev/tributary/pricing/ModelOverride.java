package dev.tributary.pricing;

/**
 * A tenant's own name for a model: an Azure deployment, a Bedrock inference profile, a gateway
 * alias. It beats every other way of naming.
 *
 * @param surface who bills
 * @param rawModel the name exactly as telemetry carries it
 * @param canonicalModel the model of the same surface it stands for
 */
public record ModelOverride(String surface, String rawModel, String canonicalModel) {

  public ModelOverride {
    if (surface.isBlank() || rawModel.isBlank() || canonicalModel.isBlank()) {
      throw new IllegalArgumentException(
          "a model override needs surface, raw model and canonical model: "
              + surface
              + ", "
              + rawModel
              + ", "
              + canonicalModel);
    }
  }
}
