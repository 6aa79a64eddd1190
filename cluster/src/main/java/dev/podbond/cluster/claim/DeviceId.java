package dev.podbond.cluster.claim;

import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A device of the driver of SR-IOV devices.
public record DeviceId(String pool, String name) {
  /// The size limit of a claim's status: it has at most 32 devices, of which drivers may say more.
  public static final JsonLimits STATUS = new JsonLimits(1 << 20, 20_000);

  /// The devices that a ResourceClaim has.
  ///
  /// @param status of the claim
  public static Set<DeviceId> of(JsonObject status) {
    JsonObject devices =
        LenientObject.object(LenientObject.object(status, "allocation"), "devices");
    return LenientObject.objects(devices, "results").stream()
        .filter(
            result -> LenientObject.text(result, "driver").equals(Optional.of(SriovDriver.NAME)))
        // Access for an administrator takes the device from nobody.
        .filter(result -> result.get("adminAccess").filter(JsonBoolean.TRUE::equals).isEmpty())
        .map(result ->
            new DeviceId(
                LenientObject.text(result, "pool").orElse(""),
                LenientObject.text(result, "device").orElse("")))
        .collect(Collectors.toUnmodifiableSet());
  }
}
