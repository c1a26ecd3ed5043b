package dev.tributary.normalize.redact;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One pass over one text. Used once. */
final class RedactionScan {
  private final String text;
  private final Map<String, Long> counts;
  private final boolean isName;
  private @Nullable StringBuilder out;
  private int written;
  private int next;

  RedactionScan(String text, Map<String, Long> counts, boolean isName) {
    this.text = text;
    this.counts = counts;
    this.isName = isName;
  }

  /** The text without what was found; the same object where nothing was. */
  String run() {
    while (next < text.length()) {
      int at = next++;
      char c = text.charAt(at);
      if (c <= ' ') {
        continue;
      }
      if (Chars.isLetter(c)) {
        letter(at, c);
      } else if (Chars.isDigit(c)) {
        number(at);
      } else if (c < 128) {
        sign(at, c);
      }
    }
    return out == null ? text : out.append(text, written, text.length()).toString();
  }

  private void letter(int at, char c) {
    if (c == 'e' && found(at, KeyShapes.jwtEnd(text, at), "jwt")) {
      return;
    }
    if (found(at, KeyShapes.end(text, at), "key")) {
      return;
    }
    if (c == 'b' || c == 'B') {
      int token = KeyShapes.bearerStart(text, at);
      if (token > 0 && found(token, KeyShapes.bearerEnd(text, token), "bearer")) {
        return;
      }
    }
    if (!isName && !found(at, NumberShapes.ibanEnd(text, at), "iban") && Chars.isHex(c)) {
      found(at, AddressShapes.ipv6End(text, at), "ip");
    }
  }

  private void number(int at) {
    // Asked once for all: most digits stand inside a number or a word.
    if (!isName
        && Chars.isStart(text, at)
        && !found(at, AddressShapes.ipv4End(text, at), "ip")
        && !found(at, NumberShapes.cardEnd(text, at), "card")
        && !found(at, NumberShapes.phoneEnd(text, at), "phone")) {
      found(at, AddressShapes.ipv6End(text, at), "ip");
    }
  }

  private void sign(int at, char c) {
    if (c == '-') {
      found(at, KeyShapes.pemEnd(text, at), "private_key");
    } else if (c == ':') {
      boolean isUrl = text.startsWith("://", at);
      if (isUrl) {
        found(at + 3, AddressShapes.userInfoEnd(text, at + 3), "url_credentials");
      } else if (!isName && text.startsWith("::", at)) {
        found(at, AddressShapes.ipv6End(text, at), "ip");
      }
    } else if (!isName && (c == '+' || c == '(')) {
      found(at, NumberShapes.phoneEnd(text, at), "phone");
    } else if (c == '@' || c == '%' || c == '\\') {
      int length = AddressShapes.atSign(text, at);
      if (length > 0) {
        int start = AddressShapes.mailboxStart(text, at, written);
        if (start < at) {
          found(start, AddressShapes.domainEnd(text, at + length), "email");
        }
      }
    }
  }

  /** Replaces the range where it has an end, and goes on after it. */
  private boolean found(int start, int end, String kind) {
    if (end < 0) {
      return false;
    }
    if (out == null) {
      out = new StringBuilder(text.length());
    }
    out.append(text, written, start).append(Redactor.marker(kind));
    counts.merge(kind, 1L, Long::sum);
    written = end;
    next = end;
    return true;
  }
}
