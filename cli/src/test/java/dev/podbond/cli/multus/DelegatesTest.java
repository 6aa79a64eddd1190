package dev.podbond.cli.multus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cluster.multus.NetworkSelection;
import dev.podbond.cluster.multus.SelectionAnnotation;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.yaml.YamlObjects;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.value.PciAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DelegatesTest {
  private static final PodIdentity POD =
      new PodIdentity("demo", "p", "uid-1", "cid-1", Path.of("/run/netns/demo_p"));
  private static final PciAddress VF = PciAddress.parse("0000:01:10.0").orElseThrow();

  @Test
  void countsInterfacesFromOneAlsoPastNamesThatWereAskedFor() throws Exception {
    assertThat(delegates("a, b@mine, c"))
        .extracting(Delegate::ifname)
        .containsExactly("net1", "mine", "net3");
  }

  @Test
  void refusesTwoInterfacesOfOneName() {
    assertThatThrownBy(() -> delegates("a@net2, b"))
        .hasMessage(
            "network demo/b is the second one to want the interface name net2; give it another"
                + " one");
  }

  @Test
  void putsTheDeviceIntoThePluginUnderBothItsNames() throws Exception {
    Delegate delegate = delegate("a", "{\"type\":\"sriov\",\"name\":\"x\"}", Optional.of(VF));

    assertThat(delegate.config())
        .hasToString(
            "{\"type\":\"sriov\",\"name\":\"x\",\"deviceID\":\"0000:01:10.0\","
                + "\"pciBusID\":\"0000:01:10.0\"}");
    assertThat(delegate.capabilityArgs()).hasToString("{\"deviceID\":\"0000:01:10.0\"}");
  }

  @Test
  void putsTheDeviceIntoEveryPluginOfAList() throws Exception {
    Delegate delegate =
        delegate(
            "a",
            "{\"name\":\"x\",\"plugins\":[{\"type\":\"sriov\"},{\"type\":\"tuning\"}]}",
            Optional.of(VF));

    assertThat(delegate.config())
        .hasToString(
            "{\"name\":\"x\",\"plugins\":["
                + "{\"type\":\"sriov\",\"deviceID\":\"0000:01:10.0\","
                + "\"pciBusID\":\"0000:01:10.0\"},"
                + "{\"type\":\"tuning\",\"deviceID\":\"0000:01:10.0\","
                + "\"pciBusID\":\"0000:01:10.0\"}]}");
  }

  @Test
  void givesTheArgumentsInMultusOrder() throws Exception {
    Delegate delegate =
        delegate(
            "[{\"name\":\"a\",\"mac\":\"02:00:00:00:00:05\",\"ips\":[\"10.0.0.5/24\",\"fd00::1\"],"
                + "\"cni-args\":{\"k\":1}}]",
            "{\"type\":\"bond\"}",
            Optional.empty());

    assertThat(delegate.args())
        .hasToString(
            "{IgnoreUnknown=true, K8S_POD_NAMESPACE=demo, K8S_POD_NAME=p,"
                + " K8S_POD_INFRA_CONTAINER_ID=cid-1, K8S_POD_UID=uid-1, MAC=02:00:00:00:00:05,"
                + " IP=10.0.0.5/24,fd00::1}");
    assertThat(delegate.capabilityArgs())
        .hasToString("{\"ips\":[\"10.0.0.5/24\",\"fd00::1\"],\"mac\":\"02:00:00:00:00:05\"}");
    assertThat(delegate.structuredArgs()).hasToString("{\"cni\":{\"k\":1}}");
  }

  @Test
  void survivesBeingKept() throws Exception {
    Delegate delegate = delegate("a@x", "{\"type\":\"sriov\"}", Optional.of(VF));

    JsonObject kept = Json.parseObject(delegate.toJson().toString());
    assertThat(Delegate.read(JsonReader.lenient(kept))).isEqualTo(delegate);
  }

  @Test
  void findsTheDevicesThatABondNamesItself() throws Exception {
    assertThat(
            Delegates.namedDevices(
                Json.parseObject(
                    "{\"type\":\"bond\",\"links\":[{\"deviceID\":\"0000:01:10.0\"},"
                        + "{\"name\":\"net1\"}]}")))
        .containsExactly(VF);
  }

  private static Delegate delegate(String annotation, String config, Optional<PciAddress> device)
      throws Exception {
    NetworkSelection selection = SelectionAnnotation.parse(annotation, "demo").getFirst();
    return Delegates.of(
            POD, List.of(new Delegates.Resolved(selection, attachment("a", config), device)))
        .getFirst();
  }

  private static List<Delegate> delegates(String annotation) throws Exception {
    List<Delegates.Resolved> resolved = new ArrayList<>();
    for (NetworkSelection selection : SelectionAnnotation.parse(annotation, "demo")) {
      resolved.add(
          new Delegates.Resolved(
              selection, attachment(selection.name(), "{\"type\":\"t\"}"), Optional.empty()));
    }
    return Delegates.of(POD, resolved);
  }

  private static NetworkAttachment attachment(String name, String config) throws Exception {
    return (NetworkAttachment)
        YamlObjects.read(
                "nad.yaml",
                "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition,"
                    + " metadata: {name: "
                    + name
                    + ", namespace: demo}, spec: {config: '"
                    + config
                    + "'}}")
            .getFirst();
  }
}
