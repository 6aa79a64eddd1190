package dev.podbond.bonding.config;

import dev.podbond.value.MacAddress;
import java.util.Optional;

/// The MAC address that an attachment requests. In order of precedence: the pod's annotation
/// (`runtimeConfig.mac`), `MAC` in CNI_ARGS, `args.cni.mac`, the configuration's own `mac`.
final class RequestedMac {
  private static final String ALLOWED = "a unicast MAC address, such as 02:00:00:00:00:01";

  private RequestedMac() {}

  /// @param cniArgsMac the value of `MAC` in CNI_ARGS
  static Optional<MacAddress> read(Fields config, Optional<String> cniArgsMac) {
    Optional<Fields> runtime = config.nested("runtimeConfig");
    Optional<Fields> args = config.nested("args").flatMap(fields -> fields.nested("cni"));
    Optional<String> fromArgs = cniArgsMac.filter(text -> !text.isEmpty());

    Optional<String> fromRuntime = runtime.flatMap(fields -> fields.filledString("mac", ALLOWED));
    if (fromRuntime.isPresent()) {
      return parsed(config, "runtimeConfig.mac", fromRuntime.get());
    }
    if (fromArgs.isPresent()) {
      return parsed(config, "MAC in CNI_ARGS", fromArgs.get());
    }
    Optional<String> fromStructuredArgs =
        args.flatMap(fields -> fields.filledString("mac", ALLOWED));
    if (fromStructuredArgs.isPresent()) {
      return parsed(config, "args.cni.mac", fromStructuredArgs.get());
    }
    return ofField(config);
  }

  /// The field `mac` alone.
  static Optional<MacAddress> ofField(Fields fields) {
    return fields
        .filledString("mac", ALLOWED)
        .flatMap(text -> parsed(fields, fields.where("mac"), text));
  }

  private static Optional<MacAddress> parsed(Fields fields, String where, String text) {
    Optional<MacAddress> mac = MacAddress.parse(text).filter(MacAddress::isUnicast);
    if (mac.isEmpty()) {
      fields.refuse(ConfigProblem.of(where, text, "it must be " + ALLOWED));
    }
    return mac;
  }
}
