package dev.podbond.bonding.demotion;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.state.BondProblem;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The members of one bond that are demoted. It is written down before the first of them is
/// touched, and says of each what it has to become again.
///
/// @param key the attachment that made the bond
/// @param members at least one
public record Demotion(AttachmentKey key, List<HeldMember> members) {
  /// The version of the record's form; records of other versions are not read.
  private static final int FORMAT = 1;

  /// The end of the year 9999.
  private static final long MOST_MILLIS = 253_402_300_799_999L;

  /// Copies the list.
  public Demotion {
    members = List.copyOf(members);
  }

  /// With one more.
  Demotion with(HeldMember member) {
    List<HeldMember> more = new ArrayList<>(members);
    more.add(member);
    return new Demotion(key, more);
  }

  /// With those of its members that are still held; empty if none is.
  Optional<Demotion> only(Predicate<HeldMember> still) {
    List<HeldMember> left = members.stream().filter(still).toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(new Demotion(key, left));
  }

  /// What is held beyond an earlier record of the same bond; empty if nothing is.
  public Optional<Demotion> since(Optional<Demotion> earlier) {
    return only(member -> earlier.stream().noneMatch(before -> before.members().contains(member)));
  }

  /// How the member of this name is held; empty if it is not.
  public Optional<Held> held(String member) {
    return members.stream()
        .filter(held -> held.name().equals(member))
        .map(HeldMember::held)
        .findFirst();
  }

  /// Whether the primary of the bond is among them, so that the bond has none now.
  public boolean hasPrimary() {
    return members.stream()
        .anyMatch(member -> member.held() instanceof Held.Lowered lowered && lowered.wasPrimary());
  }

  /// Those of a bond's members that are held, as people are told of them.
  ///
  /// @param configured the members that the bond was made with
  public List<BondProblem.HeldBack> heldBack(List<ConfiguredMember> configured) {
    return configured.stream()
        .flatMap(member -> members.stream().filter(held -> held.is(member)).limit(1))
        .map(held ->
            new BondProblem.HeldBack(
                held.name(), pf(held, configured), held.why(), where(held.held())))
        .toList();
  }

  private static BondProblem.HeldBack.Where where(Held held) {
    return switch (held) {
      case Held.Lowered _ -> BondProblem.HeldBack.Where.INSIDE;
      case Held.Outside _ -> BondProblem.HeldBack.Where.OUTSIDE;
    };
  }

  /// A PF that the node does not know any more has no name.
  private static Pf pf(HeldMember held, List<ConfiguredMember> configured) {
    return configured.stream()
        .flatMap(member -> member.pf().stream())
        .filter(pf -> pf.pci().equals(Optional.of(held.pf())))
        .findFirst()
        .orElse(new Pf(held.pf().toString(), Optional.empty()));
  }

  /// The record of the bond's attachment without the members that are out of the bond on purpose:
  /// what is left is what may be put back into it.
  public Attachment withoutOutside(Attachment record) {
    Set<String> outside =
        members.stream()
            .filter(member -> member.held() instanceof Held.Outside)
            .map(HeldMember::name)
            .collect(Collectors.toSet());
    return record.withTaken(
        record.members().stream()
            .filter(link -> !outside.contains(ConfiguredMember.of(link).name()))
            .toList(),
        record.vfs().stream()
            .filter(vf -> !outside.contains(ConfiguredMember.of(vf).name()))
            .toList());
  }

  /// The record as it is stored.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("format", FORMAT)
        .put("containerId", key.containerId())
        .put("ifname", key.ifname())
        .put("members", new JsonArray(members.stream().map(Demotion::toJson).toList()))
        .build();
  }

  private static JsonValue toJson(HeldMember member) {
    JsonObject.Builder json =
        JsonObject.builder()
            .put("name", member.name())
            .putIfPresent("pci", member.pci(), pci -> new JsonString(pci.toString()))
            .put("pf", member.pf().toString())
            .put("why", member.why())
            .put("atMillis", member.at().toEpochMilli());
    return switch (member.held()) {
      case Held.Lowered(OptionalInt before, OptionalInt lowered, boolean wasPrimary) ->
          json.put("how", "lowered")
              .putIfPresent("before", before)
              .putIfPresent("lowered", lowered)
              .put("wasPrimary", JsonBoolean.of(wasPrimary))
              .build();
      case Held.Outside(OptionalInt queueId, OptionalInt priority) ->
          json.put("how", "outside")
              .putIfPresent("queueId", queueId)
              .putIfPresent("priority", priority)
              .build();
    };
  }

  /// Reads a stored record.
  ///
  /// @throws InvalidDemotionException that names the first missing or wrong member
  public static Demotion fromJson(JsonObject json) throws InvalidDemotionException {
    JsonReader<InvalidDemotionException> fields =
        JsonReader.of(json, JsonReader.Keys.EXACT, Demotion::refuse);
    fields.requireInteger("format", FORMAT, FORMAT);
    AttachmentKey key =
        new AttachmentKey(fields.requireString("containerId"), fields.requireString("ifname"));
    List<HeldMember> members = new ArrayList<>();
    for (JsonReader<InvalidDemotionException> member : fields.requireObjects("members")) {
      members.add(member(member));
    }
    if (members.isEmpty()) {
      refuse(fields.at("members"), "those that are held", json.get("members"));
    }
    return new Demotion(key, members);
  }

  private static void refuse(String where, String expected, Optional<JsonValue> found)
      throws InvalidDemotionException {
    throw new InvalidDemotionException(
        where
            + " must be "
            + expected
            + ", found "
            + found.map(JsonReader::shown).orElse("nothing"));
  }

  private static HeldMember member(JsonReader<InvalidDemotionException> fields)
      throws InvalidDemotionException {
    return new HeldMember(
        fields.requireString("name"),
        fields.parsed("pci", "a PCI address", PciAddress::parse),
        fields.require("pf", "a PCI address", PciAddress::parse),
        fields.requireString("why"),
        time(fields),
        fields
                .require(
                    "how", "lowered or outside", how -> Optional.of(how).filter(Demotion::isHow))
                .equals("lowered")
            ? new Held.Lowered(
                number(fields, "before"),
                number(fields, "lowered"),
                fields.requireBool("wasPrimary"))
            : new Held.Outside(fields.integer("queueId", 0, 0xffff), number(fields, "priority")));
  }

  private static boolean isHow(String text) {
    return text.equals("lowered") || text.equals("outside");
  }

  private static OptionalInt number(JsonReader<InvalidDemotionException> fields, String key)
      throws InvalidDemotionException {
    return fields.integer(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static Instant time(JsonReader<InvalidDemotionException> fields)
      throws InvalidDemotionException {
    OptionalLong millis = fields.longInteger("atMillis", 0, MOST_MILLIS);
    if (millis.isEmpty()) {
      refuse(fields.at("atMillis"), "a time in milliseconds since 1970", Optional.empty());
    }
    return Instant.ofEpochMilli(millis.orElseThrow());
  }
}
