package dev.tributary.alertrouter.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing to tell on one route.
 *
 * @param ticket of its alert; null: not an alert
 * @param content what
 * @param route where, as the ownership table names it
 * @param acceptedAt wall clock when it was taken
 */
public record Item(@Nullable Ticket ticket, Content content, String route, Instant acceptedAt) {}
