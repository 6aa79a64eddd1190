package dev.podbond.cli.bond;

import dev.podbond.bonding.uplink.Reading;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.util.List;
import java.util.stream.Stream;

/// Bonds as an agent tells of them.
public final class SomeBonds {
  private SomeBonds() {}

  /// A bond.
  ///
  /// @param active may be empty
  /// @param members each as "net1 up ens1f0 0000:3b:00.0"; the PF may be left out
  public static JsonObject said(
      String pod, String mode, String active, Health health, String... members) {
    return JsonObject.builder()
        .put("pod", pod)
        .put("container", "c-" + pod)
        .put("ifname", "net3")
        .put("network", "storage")
        .put("bond", "bond0")
        .put("mode", mode)
        .put("monitoring", "miimon")
        .put("healthy", health == Health.HEALTHY)
        .put("health", health.toString())
        .put(
            "problems",
            health == Health.HEALTHY
                ? JsonArray.of()
                : JsonArray.ofStrings(List.of("something is wrong")))
        .put("active", active)
        .put("configured", members.length)
        .put(
            "members",
            new JsonArray(
                Stream.of(members).map(text -> (JsonValue) member(text.split(" "))).toList()))
        .put("since", "2026-01-02T03:04:05Z")
        .put("transitions", JsonArray.of())
        .build();
  }

  private static JsonObject member(String[] words) {
    JsonObject.Builder member =
        JsonObject.builder()
            .put("name", words[0])
            .put("mii", words[1])
            .put("failures", 0)
            .put("pci", "0000:3b:02." + words[0].substring(words[0].length() - 1));
    if (words.length > 2) {
      member.put("pf", words[2]).put("pfPci", words[3]).put("driver", "iavf");
    }
    return member.build();
  }

  /// The same, with changes, each as "2026-01-02T03:04:05Z|what|why".
  public static JsonObject with(JsonObject said, String... changes) {
    return said.with(
        "transitions",
        new JsonArray(
            Stream.of(changes)
                .map(text -> text.split("\\|", -1))
                .map(parts ->
                    (JsonValue)
                        JsonObject.builder()
                            .put("at", parts[0])
                            .put("change", parts[1])
                            .put("cause", parts[2])
                            .build())
                .toList()));
  }

  /// What the members of bond0 of a pod have carried, in an agent's answer to `metrics traffic`.
  ///
  /// @param namespace empty for a container without a pod
  /// @param members each as "net1 1000 2000", with what it has received and transmitted
  public static String traffic(String namespace, String pod, String... members) {
    StringBuilder text = new StringBuilder();
    for (String member : members) {
      String[] words = member.split(" ");
      String labels =
          "{namespace=\"%s\",pod=\"%s\",bond=\"bond0\",member=\"%s\"} "
              .formatted(namespace, pod, words[0]);
      text.append("podbond_member_receive_bytes_total").append(labels).append(words[1]);
      text.append("\npodbond_member_transmit_bytes_total").append(labels).append(words[2]);
      text.append('\n');
    }
    return text.toString();
  }

  /// The answer of an agent that has just started.
  public static JsonObject starting(JsonObject... bonds) {
    return answer(bonds).with("starting", JsonBoolean.TRUE);
  }

  /// The same answer, in which PFs have a bad uplink.
  ///
  /// @param pfs each as "ens1f0 0000:3b:00.0"
  public static JsonObject withBadUplinks(JsonObject answer, String... pfs) {
    return answer.with(
        "pfs",
        new JsonArray(
            Stream.of(pfs)
                .map(text -> text.split(" "))
                .map(pf ->
                    (JsonValue)
                        JsonObject.builder()
                            .put("name", pf[0])
                            .put("pci", pf[1])
                            .put("upstream", new Reading.Bad("no partner").toJson())
                            .build())
                .toList()));
  }

  /// An agent's answer.
  public static JsonObject answer(JsonObject... bonds) {
    return JsonObject.builder()
        .put("bonds", new JsonArray(List.<JsonValue>of(bonds)))
        .put("limits", JsonArray.of())
        .build();
  }
}
