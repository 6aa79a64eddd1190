package dev.podbond.bonding.config;

import dev.podbond.json.JsonObject;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The VF that one network configuration of type `sriov` describes: every field of sriov-cni with
/// its name and meaning.
///
/// @param network the network's name
/// @param device the VF
/// @param vf how to set it up
/// @param logLevel sriov-cni's `logLevel`, such as "debug"
/// @param logFile an additional file for the log
/// @param strict whether warnings become errors
public record SriovConfig(
    String network,
    PciAddress device,
    VfConfig vf,
    Optional<String> logLevel,
    Optional<String> logFile,
    boolean strict) {
  private static final List<String> DEVICE_KEYS = List.of("deviceID", "pciBusID");

  /// Reads a network configuration as the runtime passes it, with Go's rules: keys in any letter
  /// case, unknown keys ignored, null means absent.
  ///
  /// @param cniArgsMac the value of `MAC` in CNI_ARGS
  /// @throws InvalidConfigException that names every problem found
  public static SriovConfig parse(JsonObject config, Optional<String> cniArgsMac)
      throws InvalidConfigException {
    Fields fields = Fields.of(config);
    String network = CommonFields.network(fields);
    Optional<PciAddress> device = device(fields);
    VfConfig vf = VfFields.read(fields, RequestedMac.read(fields, cniArgsMac));
    Optional<String> logLevel = fields.filledString("logLevel", "a log level");
    Optional<String> logFile = fields.filledString("logFile", "a path");
    boolean strict = fields.flag("strict", false);
    CommonFields.ipam(fields);
    fields.throwIfRefused();
    return new SriovConfig(network, device.orElseThrow(), vf, logLevel, logFile, strict);
  }

  /// This configuration under the rules of a node, which can only restrict it.
  public SriovConfig under(NodeSettings settings) {
    return new SriovConfig(network, device, vf, logLevel, logFile, strict || settings.strict());
  }

  /// Multus puts the device into both keys of the configuration, or into `runtimeConfig` when the
  /// configuration asks for that capability.
  private static Optional<PciAddress> device(Fields fields) {
    for (Fields from : places(fields)) {
      for (String key : DEVICE_KEYS) {
        Optional<String> text = from.filledString(key, "the PCI address of a VF");
        if (text.isPresent()) {
          Optional<PciAddress> pci = PciAddress.parse(text.get());
          if (pci.isEmpty()) {
            fields.refuse(
                ConfigProblem.of(
                    from.where(key), text.get(), "it must be a PCI address, such as 0000:01:10.0"));
          }
          return pci;
        }
      }
    }
    if (fields.problems().isEmpty()) {
      fields.refuse(
          ConfigProblem.missing(
              "deviceID",
              "it must be the PCI address of a VF; Multus adds it when the network attachment"
                  + " definition has the annotation k8s.v1.cni.cncf.io/resourceName and a"
                  + " container of the pod requests that resource"));
    }
    return Optional.empty();
  }

  private static List<Fields> places(Fields fields) {
    List<Fields> places = new ArrayList<>(List.of(fields));
    fields.nested("runtimeConfig").ifPresent(places::add);
    return places;
  }
}
