package dev.podbond.bonding.config;

import java.util.Optional;

/// Fields that every network configuration has.
final class CommonFields {
  private CommonFields() {}

  static String network(Fields fields) {
    Optional<String> name = fields.string("name", "the network's name");
    if (name.filter(text -> !text.isEmpty()).isEmpty() && fields.problems().isEmpty()) {
      fields.refuse(ConfigProblem.missing("name", "it must be the network's name"));
    }
    return name.orElse("");
  }

  /// Checks only what would make a delegation senseless; the IPAM plugin reads its own part.
  static void ipam(Fields fields) {
    fields
        .nested("ipam")
        .flatMap(ipam -> ipam.filledString("type", "the name of an IPAM plugin"))
        .ifPresent(type ->
            IpamType.refusal(type)
                .ifPresent(why -> fields.refuse(ConfigProblem.of("ipam.type", type, why))));
  }
}
