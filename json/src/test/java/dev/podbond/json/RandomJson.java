package dev.podbond.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Makes random trees, including unusual strings and numbers.
final class RandomJson {

  private static final String ODD =
      "\"\\/\b\f\n\r\t\u0000\u001f\u007f\u0085\u2028\u2029\ufeff<>&'äß\u212a\ud83d\ude00\ud800\udfff";

  private final RandomGenerator random;

  RandomJson(RandomGenerator random) {
    this.random = random;
  }

  JsonValue value(int depth) {
    int kinds = depth == 0 ? 4 : 6;
    return switch (random.nextInt(kinds)) {
      case 0 -> JsonNull.NULL;
      case 1 -> JsonBoolean.of(random.nextBoolean());
      case 2 -> new JsonString(string());
      case 3 -> number();
      case 4 -> array(depth - 1);
      default -> object(depth - 1);
    };
  }

  JsonObject object(int depth) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    int size = random.nextInt(5);
    for (int i = 0; i < size; i++) {
      members.put(name(), value(depth));
    }
    return new JsonObject(members);
  }

  private JsonArray array(int depth) {
    List<JsonValue> elements = new ArrayList<>();
    int size = random.nextInt(5);
    for (int i = 0; i < size; i++) {
      elements.add(value(depth));
    }
    return new JsonArray(elements);
  }

  /// A name; half a surrogate pair is allowed only in values.
  private String name() {
    return string()
        .codePoints()
        .map(c -> Character.getType(c) == Character.SURROGATE ? 0x1f600 : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private String string() {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(12);
    for (int i = 0; i < length; i++) {
      text.append(
          random.nextBoolean()
              ? ODD.charAt(random.nextInt(ODD.length()))
              : (char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  private JsonNumber number() {
    return switch (random.nextInt(4)) {
      case 0 -> JsonNumber.of(random.nextLong());
      case 1 -> JsonNumber.of(random.nextInt(3));
      case 2 -> new JsonNumber(random.nextInt(1000) + "." + "0".repeat(random.nextInt(4)) + "50");
      default -> new JsonNumber("-" + random.nextInt(10) + "e" + (random.nextInt(700) - 350));
    };
  }
}
