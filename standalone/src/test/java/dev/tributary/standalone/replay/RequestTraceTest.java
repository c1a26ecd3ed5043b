package dev.tributary.standalone.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.testing.TestData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public traces are read to the unit; truths are the files' own sums. */
class RequestTraceTest {
  @TempDir Path folder;

  @Test
  void azureCode_readsEveryRequest() throws Exception {
    List<LlmRequest> requests = AzureTrace.read(data("azure/AzureLLMInferenceTrace_code.csv"));

    assertThat(requests).hasSize(8_819);
    assertThat(requests.get(0))
        .isEqualTo(new LlmRequest(Instant.parse("2023-11-16T18:17:03.9799600Z"), 4_808, 10, null));
  }

  @Test
  void azureConversation_readsEveryRequest() throws Exception {
    assertThat(AzureTrace.read(data("azure/AzureLLMInferenceTrace_conv.csv"))).hasSize(19_366);
  }

  @Test
  void mooncake_derivesTheCacheReadsOfThePublishedTable() throws Exception {
    List<LlmRequest> requests = MooncakeTrace.read(data("mooncake/conversation_trace.jsonl"));
    List<String> table = Files.readAllLines(data("mooncake/conversation_trace.cache.csv"));

    assertThat(requests).hasSize(12_031).hasSize(table.size() - 1);
    for (int i = 0; i < requests.size(); i++) {
      String[] row = table.get(i + 1).split(",");
      assertThat(requests.get(i))
          .as("line %d", i + 1)
          .isEqualTo(
              new LlmRequest(
                  Instant.ofEpochMilli(Long.parseLong(row[0])),
                  Long.parseLong(row[1]),
                  Long.parseLong(row[2]),
                  Long.parseLong(row[3])));
    }
  }

  @Test
  void azure_brokenLine_namesFileAndLine() throws Exception {
    Path file = folder.resolve("broken.csv");
    Files.writeString(
        file, "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.97,12,ten\n");

    assertThatThrownBy(() -> AzureTrace.read(file))
        .isInstanceOf(TraceFileException.class)
        .hasMessageContaining("broken.csv, line 2")
        .hasMessageContaining("ten");
  }

  /** Spreadsheets write a mark at the beginning. */
  @Test
  void azure_withAByteOrderMark_isRead() throws Exception {
    Path file = folder.resolve("marked.csv");
    Files.writeString(
        file, "\uFEFFTIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.97,12,3\n");

    assertThat(AzureTrace.read(file)).hasSize(1);
  }

  @Test
  void azure_tokensBelowZero_namesFileAndLine() throws Exception {
    Path file = folder.resolve("broken.csv");
    Files.writeString(
        file, "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.97,12,-1\r\n");

    assertThatThrownBy(() -> AzureTrace.read(file))
        .isInstanceOf(TraceFileException.class)
        .hasMessageContaining("broken.csv, line 2")
        .hasMessageContaining("-1");
  }

  /** A block counts as cached where it and all before it were seen; never more than the prompt. */
  @Test
  void mooncake_cacheReads_areLeadingBlocksSeenBefore() throws Exception {
    Path file = folder.resolve("trace.jsonl");
    String request = "{\"timestamp\":0,\"input_length\":%d,\"output_length\":1,\"hash_ids\":%s}\n";
    Files.writeString(
        file,
        request.formatted(1_500, "[1,2,3]")
            + request.formatted(1_500, "[1,9,3]")
            + request.formatted(1_000, "[1,2]")
            + request.formatted(1_500, "[7,2,3]"));

    assertThat(MooncakeTrace.read(file))
        .extracting(LlmRequest::cacheReadTokens)
        .containsExactly(0L, 512L, 1_000L, 0L);
  }

  @Test
  void mooncake_missingField_namesLineAndField() throws Exception {
    Path file = folder.resolve("broken.jsonl");
    Files.writeString(file, "{\"timestamp\": 0, \"input_length\": 5}\n");

    assertThatThrownBy(() -> MooncakeTrace.read(file))
        .isInstanceOf(TraceFileException.class)
        .hasMessageContaining("line 1: output_length");
  }

  @Test
  void mooncake_countBelowZero_namesLineAndField() throws Exception {
    Path file = folder.resolve("broken.jsonl");
    Files.writeString(file, "\n{\"timestamp\": 0, \"input_length\": -5, \"output_length\": 1}\n");

    assertThatThrownBy(() -> MooncakeTrace.read(file))
        .isInstanceOf(TraceFileException.class)
        .hasMessageContaining("line 2: input_length");
  }

  private static Path data(String name) {
    return TestData.path("traces/" + name);
  }
}
