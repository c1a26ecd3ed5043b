package dev.tributary.normalize.redact;

/** Card numbers, phone numbers and account numbers. Each look is bounded by their longest form. */
final class NumberShapes {
  private static final int MAX_CARD = 19;
  private static final int MIN_CARD = 13;
  private static final int MAX_PHONE = 15;
  private static final int MAX_PHONE_TEXT = 32;
  private static final int GROUP_BASE = 32;

  /** IBAN lengths by country. */
  private static final String IBAN_LENGTHS =
      "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18"
          + "FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21"
          + "LT20LU20LV21LY25MC27MD24ME22MK19MR27MT31MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24"
          + "SC31SE24SI19SK24SM27ST25SV28TL23TN24TR26UA29VA22VG24XK20";

  private NumberShapes() {}

  /** The end of a card number with a right check digit; -1: none begins here. */
  static int cardEnd(String text, int at) {
    char first = text.charAt(at);
    // Issuers begin with 2 to 6; times since the epoch and most ids do not.
    if (first < '2' || first > '6' || !isNumberStart(text, at)) {
      return -1;
    }
    int[] digits = new int[MAX_CARD];
    int count = 0;
    int best = -1;
    int i = at;
    while (i < text.length() && count < MAX_CARD) {
      char c = text.charAt(i);
      if (Chars.isDigit(c)) {
        digits[count++] = c - '0';
        boolean isGroupEnd = i + 1 >= text.length() || !Chars.isWord(text.charAt(i + 1));
        if (count >= MIN_CARD && isGroupEnd && hasCheckDigit(digits, count)) {
          best = i + 1;
        }
      } else if ((c != ' ' && c != '-') || !Chars.isDigit(text.charAt(i - 1))) {
        break;
      }
      i++;
    }
    return best;
  }

  /** Luhn's sum. */
  private static boolean hasCheckDigit(int[] digits, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      int digit = digits[count - 1 - i];
      int doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
      sum += i % 2 == 0 ? digit : doubled;
    }
    return sum % 10 == 0;
  }

  private static boolean isNumberStart(String text, int at) {
    if (!Chars.isStart(text, at)) {
      return false;
    }
    boolean isFraction =
        at >= 2 && text.charAt(at - 1) == '.' && Chars.isDigit(text.charAt(at - 2));
    return !isFraction;
  }

  /**
   * The end of a phone number: with a plus and 8 to 15 digits; as North America writes them, in
   * groups of 3, 3 and 4; or with a leading 0 in groups. A bare run of digits is none. -1: none.
   */
  static int phoneEnd(String text, int at) {
    char first = text.charAt(at);
    if (first != '+' && first != '(' && !isNumberStart(text, at)) {
      return -1;
    }
    if (first == '+'
        && at > 0
        && Chars.isWord(text.charAt(at - 1))
        && !Chars.isAfterEscape(text, at)) {
      return -1;
    }
    long groups = 0;
    int digits = 0;
    int end = -1;
    int run = 0;
    boolean hasDot = false;
    int i = first == '+' ? at + 1 : at;
    while (i < text.length() && digits <= MAX_PHONE && i < at + MAX_PHONE_TEXT) {
      char c = text.charAt(i);
      if (Chars.isDigit(c)) {
        digits++;
        run++;
        end = i + 1;
      } else if (isPhoneSeparator(text, i)) {
        hasDot |= c == '.' && i + 1 < text.length() && Chars.isDigit(text.charAt(i + 1));
        groups = run > 0 ? groups * GROUP_BASE + run : groups;
        run = 0;
      } else {
        break;
      }
      i++;
    }
    groups = run > 0 ? groups * GROUP_BASE + run : groups;
    if (end < 0 || !Chars.isEnd(text, end) || digits > MAX_PHONE) {
      return -1;
    }
    return isPhone(text, at, groups, digits, hasDot) ? end : -1;
  }

  /** One separator between groups, or two where the first closes or opens a bracket. */
  private static boolean isPhoneSeparator(String text, int at) {
    char c = text.charAt(at);
    if (c == '(') {
      return true;
    }
    if (c != ' ' && c != '-' && c != '.' && c != ')' && c != '/') {
      return false;
    }
    char before = at == 0 ? ' ' : text.charAt(at - 1);
    return Chars.isDigit(before) || before == ')';
  }

  private static boolean isPhone(String text, int at, long groups, int digits, boolean hasDot) {
    char first = text.charAt(at);
    if (first == '+') {
      return digits >= 8 && at + 1 < text.length() && text.charAt(at + 1) != '0';
    }
    if (groups == groups(3, 3, 4) || groups == groups(1, 3, 3, 4)) {
      return isNorthAmerican(text, at, groups == groups(1, 3, 3, 4));
    }
    if (groups == groups(2, 2, 2, 2, 2)) {
      return first == '0';
    }
    boolean isLeadingZero =
        first == '0' || (first == '(' && at + 1 < text.length() && text.charAt(at + 1) == '0');
    boolean isLongEnough = digits >= 9 && digits <= 12 && groups >= GROUP_BASE * 2;
    boolean isDate = groups == groups(2, 2, 4) || groups == groups(2, 2, 2);
    return isLeadingZero && isLongEnough && !hasDot && !isDate;
  }

  /** Area and exchange begin with 2 to 9, which sizes and counts in a row seldom all do. */
  private static boolean isNorthAmerican(String text, int at, boolean hasCountry) {
    int seen = 0;
    int skipped = hasCountry ? 1 : 0;
    for (int i = at; i < text.length() && seen <= skipped + 3; i++) {
      char c = text.charAt(i);
      if (Chars.isDigit(c)) {
        boolean isFirstOfGroup = seen == skipped || seen == skipped + 3;
        if (isFirstOfGroup && c < '2') {
          return false;
        }
        seen++;
      }
    }
    return true;
  }

  /** Lengths of groups as one number. */
  private static long groups(int... lengths) {
    long groups = 0;
    for (int length : lengths) {
      groups = groups * GROUP_BASE + length;
    }
    return groups;
  }

  /** The end of an IBAN with the country's length and right check digits; -1: none begins here. */
  static int ibanEnd(String text, int at) {
    if (at + 15 > text.length()
        || !Chars.isLetter(text.charAt(at + 1))
        || !Chars.isDigit(text.charAt(at + 2))
        || !Chars.isDigit(text.charAt(at + 3))
        || !Chars.isStart(text, at)) {
      return -1;
    }
    int length = ibanLength(upper(text.charAt(at)), upper(text.charAt(at + 1)));
    if (length == 0) {
      return -1;
    }
    char[] account = new char[length];
    int count = 0;
    int i = at;
    while (i < text.length() && count < length) {
      char c = text.charAt(i);
      if (Chars.isDigit(c) || Chars.isLetter(c)) {
        account[count++] = upper(c);
      } else if ((c != ' ' && c != '-') || count % 4 != 0) {
        return -1;
      }
      i++;
    }
    return count == length && Chars.isEnd(text, i) && isModulo97(account) ? i : -1;
  }

  private static boolean isModulo97(char[] account) {
    int rest = 0;
    for (int i = 0; i < account.length; i++) {
      char c = account[(i + 4) % account.length];
      rest = Chars.isDigit(c) ? rest * 10 + (c - '0') : rest * 100 + (c - 'A' + 10);
      rest %= 97;
    }
    return rest == 1;
  }

  private static int ibanLength(char first, char second) {
    for (int i = 0; i < IBAN_LENGTHS.length(); i += 4) {
      if (IBAN_LENGTHS.charAt(i) == first && IBAN_LENGTHS.charAt(i + 1) == second) {
        return (IBAN_LENGTHS.charAt(i + 2) - '0') * 10 + IBAN_LENGTHS.charAt(i + 3) - '0';
      }
    }
    return 0;
  }

  private static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
  }
}
