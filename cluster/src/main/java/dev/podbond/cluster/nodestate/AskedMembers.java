package dev.podbond.cluster.nodestate;

import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Which members of an agent's answer a bond was asked for with. A process in the pod may have put
/// others into it.
public final class AskedMembers {
  private AskedMembers() {}

  /// Those members, in their order. Of others the agent says no hardware. A link without hardware
  /// may be either; as many of them are taken as are wanting.
  ///
  /// @param members as an agent or a BondNodeState has them
  /// @param configured with how many the bond was asked for
  public static List<JsonObject> among(List<JsonObject> members, int configured) {
    long sure = members.stream().filter(AskedMembers::isSurelyOne).count();
    AtomicLong wanting = new AtomicLong(Math.max(0, configured - sure));
    return members.stream()
        .filter(member -> isSurelyOne(member) || wanting.getAndDecrement() > 0)
        .toList();
  }

  private static boolean isSurelyOne(JsonObject member) {
    return member.get("pci").isPresent()
        || member.get("pciAddress").isPresent()
        || LenientObject.text(member, "mii").filter("missing"::equals).isPresent();
  }
}
