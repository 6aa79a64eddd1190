package dev.podbond.bonding.config;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.ModeRule;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.InterfaceName;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Reads `links`, the members of a bond.
final class LinkList {
  static final int MIN = 2;
  static final int MAX = 16;

  /// The kernel gives a bond 16 transmit queues (`tx_queues` of the bonding module).
  private static final int MAX_QUEUE_ID = 16;

  private static final String ALLOWED =
      "a list of "
          + MIN
          + " to "
          + MAX
          + " objects, each with a name or a deviceID, such as [{\"name\": \"net1\"}, {\"name\":"
          + " \"net2\"}]";

  private LinkList() {}

  static List<MemberSpec> read(Fields config, Optional<BondMode> mode) {
    Optional<JsonValue> found = config.find("links");
    Optional<List<JsonValue>> elements = config.list("links", ALLOWED);
    if (found.isEmpty()) {
      config.refuse(ConfigProblem.missing("links", "it must be " + ALLOWED));
    }
    if (elements.isEmpty()) {
      return List.of();
    }
    if (elements.get().size() < MIN || elements.get().size() > MAX) {
      config.refuse(
          new ConfigProblem(
              "links",
              "has " + elements.get().size() + (elements.get().size() == 1 ? " entry" : " entries"),
              "a bond takes " + MIN + " to " + MAX + " members"));
    }
    // Otherwise a list of a million empty objects would make an error of a hundred million
    // characters.
    if (elements.get().size() > MAX) {
      return List.of();
    }
    List<MemberSpec> members = new ArrayList<>();
    for (int i = 0; i < elements.get().size(); i++) {
      String where = "links[" + i + "]";
      JsonValue element = elements.get().get(i);
      if (element instanceof JsonObject entry) {
        Fields fields = config.element(where, entry);
        member(fields, where, mode).ifPresent(members::add);
      } else {
        config.refuse(
            ConfigProblem.of(where, element, "it must be an object with a name or a deviceID"));
      }
    }
    refuseTwins(config, members);
    return members;
  }

  private static Optional<MemberSpec> member(Fields fields, String where, Optional<BondMode> mode) {
    Optional<String> name = fields.filledString("name", "the name of a link");
    Optional<String> device = fields.filledString("deviceID", "the PCI address of a VF");
    MemberOptions options = options(fields, mode);
    if (device.isPresent()) {
      Optional<PciAddress> pci = PciAddress.parse(device.get());
      if (pci.isEmpty()) {
        fields.refuse(
            ConfigProblem.of(
                fields.where("deviceID"),
                device.get(),
                "it must be a PCI address, such as 0000:01:10.0"));
      }
      name.ifPresent(text -> checkPodName(fields, text));
      VfConfig vf = VfFields.read(fields, RequestedMac.ofField(fields));
      return pci.map(address -> new MemberSpec.Device(address, name, vf, options));
    }
    if (name.isEmpty()) {
      if (!isFilled(fields, "name") && !isFilled(fields, "deviceID")) {
        fields.refuse(
            new ConfigProblem(where, "has neither name nor deviceID", "give it one of them"));
      }
      return Optional.empty();
    }
    if (!InterfaceName.isValidAlternative(name.get())) {
      fields.refuse(
          ConfigProblem.of(fields.where("name"), name.get(), "no link can have this name"));
    }
    return Optional.of(new MemberSpec.Named(name.get(), options));
  }

  private static boolean isFilled(Fields fields, String key) {
    return fields.find(key).filter(value -> !value.equals(new JsonString(""))).isPresent();
  }

  private static void checkPodName(Fields fields, String name) {
    if (!CniIfname.isUsable(name)) {
      fields.refuse(
          ConfigProblem.of(
              fields.where("name"),
              name,
              "it must be " + CniIfname.ALLOWED + "; the device gets this name in the pod"));
    }
  }

  private static MemberOptions options(Fields fields, Optional<BondMode> mode) {
    OptionalInt priority = fields.integer("prio", Integer.MIN_VALUE, Integer.MAX_VALUE);
    OptionalInt queueId = fields.integer("queueId", 0, MAX_QUEUE_ID);
    Set<BondMode> preferring = BondOption.PRIMARY.modes().accepted();
    if (priority.isPresent() && mode.isPresent() && !preferring.contains(mode.get())) {
      fields.refuse(
          ConfigProblem.of(
              fields.where("prio"),
              priority.getAsInt(),
              "the kernel does not support it in mode "
                  + mode.get()
                  + "; leave it out, or use "
                  + ModeRule.list(preferring)));
    }
    return new MemberOptions(priority, queueId);
  }

  private static void refuseTwins(Fields config, List<MemberSpec> members) {
    Set<Object> seen = new HashSet<>();
    for (MemberSpec member : members) {
      member
          .knownName()
          .filter(name -> !seen.add(name))
          .ifPresent(name -> refuseTwin(config, "the name " + name));
      if (member instanceof MemberSpec.Device device && !seen.add(device.pci())) {
        refuseTwin(config, "the device " + device.pci());
      }
      OptionalInt queue = member.options().queueId();
      if (queue.orElse(0) != 0 && !seen.add(queue.getAsInt())) {
        refuseTwin(config, "the queueId " + queue.getAsInt());
      }
    }
  }

  private static void refuseTwin(Fields config, String what) {
    config.refuse(
        new ConfigProblem("links", "has " + what + " twice", "every member needs its own"));
  }
}
