package dev.podbond.json;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The members of a small object, in their order: a plain list takes a fraction of a hash table's
/// memory and is as fast to search. Most objects have few members, and an attacker who wants to
/// fill memory with a short text writes many objects with one member.
final class FewMembers extends AbstractMap<String, JsonValue> {
  /// Above this size a hash table is worth its memory.
  static final int MOST = 8;

  private final String[] names;
  private final JsonValue[] values;

  private FewMembers(String[] names, JsonValue[] values) {
    this.names = names;
    this.values = values;
  }

  /// @param members at most [#MOST]
  static Map<String, JsonValue> copyOf(Map<String, JsonValue> members) {
    if (members instanceof FewMembers || members.isEmpty()) {
      return members.isEmpty() ? Map.of() : members;
    }
    return new FewMembers(
        members.keySet().toArray(String[]::new), members.values().toArray(JsonValue[]::new));
  }

  private int indexOf(@Nullable Object name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public @Nullable JsonValue get(@Nullable Object name) {
    int index = indexOf(name);
    return index < 0 ? null : values[index];
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return indexOf(name) >= 0;
  }

  @Override
  public Set<Map.Entry<String, JsonValue>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return names.length;
      }

      @Override
      public Iterator<Map.Entry<String, JsonValue>> iterator() {
        return new InOrder();
      }
    };
  }

  private final class InOrder implements Iterator<Map.Entry<String, JsonValue>> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < names.length;
    }

    @Override
    public Map.Entry<String, JsonValue> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int index = next++;
      return Map.entry(names[index], values[index]);
    }
  }
}
