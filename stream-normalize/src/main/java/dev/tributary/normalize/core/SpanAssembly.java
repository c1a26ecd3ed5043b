package dev.tributary.normalize.core;

import dev.tributary.normalize.core.Findings.Finding;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanContent;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanLink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills the records of one span whose ids and times are sound. Used once. */
final class SpanAssembly {
  /** Most links kept of a span. */
  private static final int MAX_LINKS = 128;

  private final OtlpSpan source;
  private final Normalizer.Origin origin;
  private final NormalizeContext context;
  private final NormalizeRules rules;
  private final Pseudonyms pseudonyms;
  private final Findings findings;
  private final Facts facts;
  private final Span span = new Span();

  SpanAssembly(
      OtlpSpan source,
      Normalizer.Origin origin,
      NormalizeContext context,
      NormalizeRules rules,
      Pseudonyms pseudonyms,
      Coercion coercion,
      Findings findings) {
    this.source = source;
    this.origin = origin;
    this.context = context;
    this.rules = rules;
    this.pseudonyms = pseudonyms;
    this.findings = findings;
    this.facts = new Facts(source.attributes(), coercion);
  }

  Normalized assemble(int index) {
    setIdentity();
    setTimes();
    setOrigin();
    ProviderMetadata metadata =
        facts.has(Attr.AI_RESPONSE_PROVIDER_METADATA)
            ? ProviderMetadata.of(facts)
            : ProviderMetadata.NONE;
    setCall(metadata);
    SpanKind kind = setKind();
    setUsage(metadata);
    setOutcome();
    setTool(kind);
    setTags();
    new NameRedaction(rules.privacy().redactor(), pseudonyms)
        .redact(span, context.tenant())
        .keySet()
        .forEach(this::note);
    SpanContent content = setContent(kind);
    return new Normalized(index, span, content);
  }

  private void setIdentity() {
    span.setTenant(context.tenant());
    span.setTraceId(source.traceId());
    span.setSpanId(source.spanId());
    boolean isRoot = SpanChecks.isZero(source.parentSpanId());
    span.setParentSpanId(isRoot ? null : source.parentSpanId());
    List<SpanLink> links = List.of();
    for (OtlpSpan.Link link : source.links()) {
      boolean isSound = SpanChecks.isTraceId(link.traceId()) && SpanChecks.isSpanId(link.spanId());
      if (isSound && links.size() < MAX_LINKS) {
        links = links.isEmpty() ? new ArrayList<>() : links;
        links.add(new SpanLink(link.traceId(), link.spanId()));
      }
    }
    span.setLinks(links);
    span.setSessionId(CallFacts.session(facts));
    span.setUserHash(user());
  }

  private @Nullable String user() {
    String id = CallFacts.user(facts);
    if (id == null) {
      return null;
    }
    String pseudonym = pseudonyms.user(context.tenant(), id);
    if (pseudonym == null) {
      findings.note(Finding.USER_WITHOUT_SECRET, "");
    }
    return pseudonym;
  }

  private void setTimes() {
    boolean hasEnd = source.endNanos() != 0;
    span.setStartTimeUs(source.startNanos() / 1_000);
    span.setEndTimeUs((hasEnd ? source.endNanos() : source.startNanos()) / 1_000);
    span.setHasEnd(hasEnd);
    span.setSamplingProbability(CallFacts.samplingProbability(source, facts));
  }

  private void setOrigin() {
    span.setServiceName(origin.serviceName());
    span.setServiceNamespace(origin.serviceNamespace());
    span.setServiceVersion(origin.serviceVersion());
    span.setScopeName(origin.scopeName());
    span.setScopeVersion(origin.scopeVersion());
    span.setDialect(Dialects.nameOf(origin.dialect(), facts, findings));
    span.setPurpose(CallFacts.purpose(facts));
  }

  private void setCall(ProviderMetadata metadata) {
    span.setModelRequested(CallFacts.modelRequested(facts));
    span.setModelReturned(CallFacts.modelReturned(facts, source.attributes()));
    String returned = span.getModelReturned();
    span.setProvider(
        Providers.of(facts, returned == null ? span.getModelRequested() : returned, findings));
    Endpoint endpoint = Endpoint.of(facts.identifier(Attr.SERVER_ADDRESS, Attr.OPENAI_API_BASE));
    String surface = facts.identifier(Attr.TRIBUTARY_SURFACE);
    String region = facts.identifier(Attr.TRIBUTARY_REGION);
    span.setSurface(surface == null ? endpoint.surface() : surface);
    span.setRegion(region == null ? endpoint.region() : region);
    String responseId = facts.identifier(Precedence.RESPONSE_IDS);
    span.setResponseId(responseId == null ? metadata.responseId() : responseId);
    span.setServiceTier(CallFacts.serviceTier(facts, metadata));
    span.setGateway(CallFacts.gateway(facts, span.getDialect()));
    span.setKeyAlias(facts.identifier(Attr.TRIBUTARY_KEY_ALIAS, Attr.LITELLM_KEY_ALIAS));
    span.setAttempt(CallFacts.attempt(facts));
    span.setFallbackFrom(facts.identifier(Attr.TRIBUTARY_FALLBACK_FROM));
    span.setStream(CallFacts.stream(facts));
    span.setTtftUs(
        CallFacts.timeToFirstTokenUs(source, facts, StrandsDialect.NAME.equals(span.getDialect())));
    CallFacts.ReportedCost cost = CallFacts.reportedCost(facts);
    span.setReportedCost(cost == null ? null : cost.amount());
    span.setReportedCostSource(cost == null ? null : cost.source());
  }

  private SpanKind setKind() {
    boolean hasModel = span.getModelReturned() != null || span.getModelRequested() != null;
    Dialects.Kind kind = Dialects.kindOf(facts, hasModel, findings);
    span.setKind(kind.kind());
    span.setOperation(CallFacts.operation(facts, kind.stated()));
    return kind.kind();
  }

  private void setUsage(ProviderMetadata metadata) {
    Usage usage =
        Usage.of(
            facts,
            source.attributes(),
            span.getKind(),
            origin.scopeRules(),
            span.getProvider(),
            metadata);
    span.setUsage(usage.tokens());
    span.setUsageQuality(usage.quality());
    span.setUsageConvention(usage.convention());
    span.setUsageError(usage.error() == null ? null : usage.error().name());
    span.setRawUsage(usage.raw());
    FinishReasons reasons = FinishReasons.of(source, facts);
    span.setFinishReasons(reasons.normalised());
    span.setFinishReasonsRaw(reasons.raw());
  }

  private void setOutcome() {
    Outcome outcome = Outcome.of(source, facts);
    span.setStatus(outcome.status());
    span.setErrorType(outcome.errorType());
    span.setHttpStatus(outcome.httpStatus());
  }

  private void setTool(SpanKind kind) {
    String tool = facts.identifier(Precedence.TOOL);
    if (tool == null && "tool".equals(facts.raw(Attr.TRACELOOP_SPAN_KIND))) {
      tool = facts.identifier(Attr.TRACELOOP_ENTITY_NAME);
    }
    span.setToolName(tool);
    span.setToolCallId(facts.identifier(Precedence.TOOL_CALL));
    span.setMcpServer(facts.identifier(Attr.MCP_SERVER_NAME));
    span.setMcpMethod(facts.identifier(Attr.MCP_METHOD_NAME));
    span.setAgentId(facts.identifier(Attr.AGENT_ID));
    span.setWorkflowName(facts.identifier(Precedence.WORKFLOW));
    boolean isRetrieval = kind == SpanKind.RETRIEVAL || kind == SpanKind.RERANK;
    span.setRetrieval(isRetrieval ? RetrievalFacts.of(source, facts) : null);
    span.setGuardrailName(facts.identifier(Attr.TRIBUTARY_GUARDRAIL_NAME));
    span.setGuardrailOutcome(facts.identifier(Attr.TRIBUTARY_GUARDRAIL_OUTCOME));
  }

  private void setTags() {
    TagReader tags = TagReader.onSpan(rules.tags(), source.attributes(), facts);
    if (origin.tags().getEnvironment() == null) {
      tags.otherwise(
          "environment", facts.identifier(Attr.LANGFUSE_ENVIRONMENT, Attr.OPENLIT_ENVIRONMENT));
    }
    String template = facts.text(Attr.LLM_PROMPT_TEMPLATE);
    if (template != null) {
      tags.otherwise("prompt_hash", pseudonyms.fingerprint(context.tenant(), template));
    }
    span.setTags(tags.tags());
    span.setResourceTags(origin.tags());
  }

  private @Nullable SpanContent setContent(SpanKind kind) {
    Contents contents = new Contents(source, facts, rules);
    SpanContent content = contents.build(kind);
    span.setUnknownAttributes(contents.unknownNames());
    String input = content.getInput();
    span.setInputHash(input == null ? null : pseudonyms.fingerprint(context.tenant(), input));
    String arguments = content.getToolArguments();
    span.setToolArgsHash(
        arguments == null
            ? null
            : pseudonyms.fingerprint(context.tenant(), Json.canonical(arguments)));
    content.getRedactions().keySet().forEach(this::note);
    String workspace = span.getTags().getWorkspace();
    String environment = span.getTags().getEnvironment();
    content.setWorkspace(workspace == null ? origin.tags().getWorkspace() : workspace);
    content.setEnvironment(environment == null ? origin.tags().getEnvironment() : environment);
    ContentVeil.apply(
        content,
        rules.privacy().mode(content.getWorkspace(), content.getEnvironment()),
        text -> pseudonyms.fingerprint(context.tenant(), text),
        rules.content().maxBytes());
    if (content.getTruncated()) {
      findings.note(Finding.CONTENT_TRUNCATED, "");
    }
    if (isEmpty(content)) {
      return null;
    }
    content.setTenant(context.tenant());
    content.setTraceId(span.getTraceId());
    content.setSpanId(span.getSpanId());
    content.setEventTimeUs(span.getEndTimeUs());
    content.setSessionId(span.getSessionId());
    content.setUserHash(span.getUserHash());
    span.setContentRef(ContentRef.of(content));
    return content;
  }

  private void note(String kind) {
    findings.note(Finding.REDACTED, kind);
  }

  private static boolean isEmpty(SpanContent content) {
    return content.getName() == null
        && content.getStatusMessage() == null
        && content.getSystemInstructions() == null
        && content.getInput() == null
        && content.getOutput() == null
        && content.getToolDefinitions() == null
        && content.getToolArguments() == null
        && content.getToolResult() == null
        && content.getDocuments() == null
        && content.getAttributes().isEmpty()
        && content.getEvents().isEmpty()
        && content.getRedactions().isEmpty();
  }
}
