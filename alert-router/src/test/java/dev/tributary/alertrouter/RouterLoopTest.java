package dev.tributary.alertrouter;

import static dev.tributary.alertrouter.RouterFixture.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tributary.alertrouter.core.Answer;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Topics;
import java.util.List;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.junit.jupiter.api.Test;

/** What is committed when: an offset says that everything before it is settled and written down. */
final class RouterLoopTest {
  private static final Alert FIRST = alert("e1", "OPENED", "support");
  private static final Alert SECOND = ofOtherCause(alert("e2", "OPENED", "support"));

  private final LoopHarness harness = new LoopHarness();

  /** Alerts of one cause are told one after the other. */
  private static Alert ofOtherCause(Alert alert) {
    alert.getEpisode().setCauses(List.of());
    return alert;
  }

  @Test
  void commit_delivered_writtenDownFirst() {
    // Given
    harness.arrive(FIRST);
    harness.loop().step();

    // When
    harness.answer("e1-OPENED", new Answer.Received());
    harness.loop().step();

    // Then
    assertThat(harness.written()).containsExactly("e1-OPENED DELIVERED");
    assertThat(harness.committed()).isEqualTo(1);
  }

  @Test
  void commit_oneBeforeIsNotSettled_waitsForIt() {
    // Given
    harness.arrive(FIRST, SECOND);
    harness.loop().step();

    // When
    harness.answer("e2-OPENED", new Answer.Received());
    harness.loop().step();
    long meanwhile = harness.committed();
    harness.answer("e1-OPENED", new Answer.Received());
    harness.loop().step();

    // Then
    assertThat(meanwhile).isZero();
    assertThat(harness.committed()).isEqualTo(2);
  }

  /** Or nobody would ever find out why nobody was told. */
  @Test
  void revoked_dropCouldNotBeWrittenDown_isNotCommitted() {
    // Given
    harness.arrive(alert("e9", "RESOLVED", "support"));
    harness.refuse(Topics.ALERT_DELIVERIES.name());

    // When
    Throwable failure = catchThrowable(harness.loop()::step);
    harness.revoke();

    // Then
    assertNothingIsDone(failure);
  }

  private void assertNothingIsDone(Throwable failure) {
    assertThat(failure).isNotNull();
    assertThat(harness.written()).isEmpty();
    assertThat(harness.committed()).isZero();
  }

  /** Or nobody would know of the delivery: its end would find no beginning. */
  @Test
  void revoked_outcomeCouldNotBeWrittenDown_isNotCommitted() {
    // Given
    harness.arrive(FIRST);
    harness.loop().step();
    harness.refuse(Topics.ALERT_DELIVERIES.name());

    // When
    harness.answer("e1-OPENED", new Answer.Received());
    Throwable failure = catchThrowable(harness.loop()::step);
    harness.revoke();

    // Then
    assertNothingIsDone(failure);
  }

  /** Or the alert would be nowhere: not told, not dropped, not among the dead letters. */
  @Test
  void revoked_deadLetterNotTaken_isNotCommitted_norKnownAsGivenUp() {
    // Given
    harness.arrive(FIRST);
    harness.loop().step();
    harness.refuse(Topics.DLQ.name());
    harness.answer("e1-OPENED", new Answer.Refused("HTTP_400"));

    // When
    Throwable failure = catchThrowable(harness.loop()::step);
    harness.revoke();

    // Then
    assertNothingIsDone(failure);
  }

  /** Its successor has told it by now. */
  @Test
  void step_noMemberAnyMore_doesNotSend() {
    // Given
    harness.arrive(FIRST);
    harness.loop().step();
    harness.answer("e1-OPENED", new Answer.Received());
    harness.loop().step();
    harness.passTrust();
    harness.expel();

    // When
    harness.arrive(SECOND);
    Throwable failure = catchThrowable(harness.loop()::step);

    // Then
    assertThat(failure).isInstanceOf(CommitFailedException.class);
    assertThat(harness.sent()).containsExactly("e1-OPENED");
  }

  @Test
  void step_newMember_asksTheGroupBeforeItSends() {
    // Given
    harness.arrive(FIRST);
    harness.expel();

    // When
    Throwable failure = catchThrowable(harness.loop()::step);

    // Then
    assertThat(failure).isInstanceOf(CommitFailedException.class);
    assertThat(harness.sent()).isEmpty();
  }

  @Test
  void step_committedALittleAgo_sendsWithoutAskingAgain_andWhatItAskedWithSettlesNothing() {
    // Given
    harness.arrive(FIRST);
    harness.loop().step();

    // When
    harness.arrive(SECOND);
    harness.loop().step();

    // Then
    assertThat(harness.sent()).containsExactlyInAnyOrder("e1-OPENED", "e2-OPENED");
    assertThat(harness.commits()).isEqualTo(1);
    assertThat(harness.committed()).isZero();
  }

  /**
   * It may wait for an hour; by then the memory, or its age, would keep it from being looked at.
   */
  @Test
  void step_refusedBehindOneThatWaits_isDeadLetteredAtOnce_andOnce() {
    // Given
    harness.arrive(FIRST, SECOND);
    harness.loop().step();

    // When
    harness.answer("e2-OPENED", new Answer.Refused("HTTP_400"));
    harness.loop().step();
    List<String> topics = harness.topics();
    long meanwhile = harness.committed();
    harness.answer("e1-OPENED", new Answer.Refused("HTTP_400"));
    harness.loop().step();

    // Then
    assertThat(topics).containsExactly(Topics.DLQ.name(), Topics.ALERT_DELIVERIES.name());
    assertThat(meanwhile).isZero();
    assertThat(harness.committed()).isEqualTo(2);
    assertThat(harness.topics()).filteredOn(Topics.DLQ.name()::equals).hasSize(2);
  }

  @Test
  void revoked_underWay_isWaitedFor_theRestIsNotCommitted() {
    // Given
    harness.arrive(FIRST, SECOND);
    harness.loop().step();
    harness.answerAtPoll(3, "e1-OPENED", new Answer.Received());
    harness.answer("e2-OPENED", new Answer.NotNow("HTTP_503", null));

    // When
    harness.revoke();

    // Then
    assertThat(harness.written()).containsExactly("e1-OPENED DELIVERED");
    assertThat(harness.committed()).isEqualTo(1);
    assertThat(harness.loop().pending()).isZero();
  }

  @Test
  void step_answerToWhatWasGivenUp_isLeftOut() {
    // Given
    harness.arrive(FIRST);
    harness.loop().step();
    harness.loop().onPartitionsLost(List.of());

    // When
    harness.answer("e1-OPENED", new Answer.Received());
    harness.loop().step();

    // Then
    assertThat(harness.written()).isEmpty();
    assertThat(harness.committed()).isZero();
  }

  @Test
  void step_tooManyWait_readsNoFurther_untilSomeAreSettled() {
    // Given
    harness.arrive(FIRST, SECOND); // as many as may wait
    harness.loop().step();

    // When
    harness.loop().step();
    boolean isPaused = harness.isPaused();
    harness.answer("e1-OPENED", new Answer.Received());
    harness.loop().step();
    harness.loop().step();

    // Then
    assertThat(isPaused).isTrue();
    assertThat(harness.isPaused()).isFalse();
  }

  /** After a restart it is read again; its dead letter is there. */
  @Test
  void step_givenUpBefore_behindOneThatIsGivenUpNow_isNotDeadLetteredAgain() {
    // Given
    harness.arrive(FIRST, SECOND);
    harness.loop().step();
    harness.answer("e2-OPENED", new Answer.Refused("HTTP_400"));
    harness.loop().step();
    harness.arrive(SECOND);
    harness.loop().step();

    // When
    harness.answer("e1-OPENED", new Answer.Refused("HTTP_400"));
    harness.loop().step();

    // Then
    assertThat(harness.topics()).filteredOn(Topics.DLQ.name()::equals).hasSize(2);
    assertThat(harness.committed()).isEqualTo(3);
  }
}
