package dev.podbond.cluster.nodestate;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.util.Comparator;
import java.util.Optional;

/// A member that a bond was asked for with. Texts that are too long are cut.
///
/// @param name its name in the pod
/// @param pciAddress its PCI function, if it has one
/// @param pf the name of its PF on the node, if it is a VF whose PF is known
/// @param pfPciAddress the PF's PCI function
/// @param driver the driver of its function
public record MemberEntry(
    String name,
    Optional<String> pciAddress,
    Optional<String> pf,
    Optional<String> pfPciAddress,
    Optional<String> driver,
    State state) {
  /// So that `net2` comes before `net10`.
  static final Comparator<MemberEntry> BY_NAME =
      Comparator.<MemberEntry>comparingInt(member -> member.name().length())
          .thenComparing(MemberEntry::name)
          .thenComparing(member -> member.pciAddress().orElse(""));

  /// How a member is.
  public enum State {
    /// The bond can use it.
    UP("up"),
    /// It is in the bond, without a link.
    DOWN("down"),
    /// The agent keeps it from carrying traffic, since the uplink of its PF is bad.
    HELD("held"),
    /// It is not in the bond.
    MISSING("missing");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /// The state of this name; down if it is another one.
    static State of(String word) {
      for (State state : values()) {
        if (state.word.equals(word)) {
          return state;
        }
      }
      return DOWN;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /// Cuts what is too long.
  public MemberEntry {
    name = Limits.text(name, Limits.INTERFACE_CHARS);
    pciAddress = Limits.text(pciAddress, Limits.ADDRESS_CHARS);
    pf = Limits.text(pf, Limits.INTERFACE_CHARS);
    pfPciAddress = Limits.text(pfPciAddress, Limits.ADDRESS_CHARS);
    driver = Limits.text(driver, Limits.DRIVER_CHARS);
  }

  /// A member of the agent's answer about its bonds.
  static MemberEntry ofAgent(JsonObject member) {
    return new MemberEntry(
        LenientObject.text(member, "name").orElse(""),
        LenientObject.text(member, "pci"),
        LenientObject.text(member, "pf"),
        LenientObject.text(member, "pfPci"),
        LenientObject.text(member, "driver"),
        State.of(LenientObject.text(member, "mii").orElse("")));
  }

  /// A member of a BondNodeState.
  static MemberEntry of(JsonObject member) {
    return new MemberEntry(
        LenientObject.text(member, "name").orElse(""),
        LenientObject.text(member, "pciAddress"),
        LenientObject.text(member, "pf"),
        LenientObject.text(member, "pfPciAddress"),
        LenientObject.text(member, "driver"),
        State.of(LenientObject.text(member, "state").orElse("")));
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("name", name)
        .putIfPresent("pciAddress", pciAddress, JsonString::new)
        .putIfPresent("pf", pf, JsonString::new)
        .putIfPresent("pfPciAddress", pfPciAddress, JsonString::new)
        .putIfPresent("driver", driver, JsonString::new)
        .put("state", state.toString())
        .build();
  }
}
