package dev.podbond.operator.view;

import dev.podbond.cluster.bond.BondAttachment;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.claim.ClaimRules;
import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.cluster.claim.ClusterClaims;
import dev.podbond.cluster.claim.DeviceId;
import dev.podbond.cluster.claim.DeviceSlice;
import dev.podbond.cluster.claim.NodeDevices;
import dev.podbond.cluster.claim.SriovDriver;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.operator.kubernetes.PartialClaim;
import dev.podbond.operator.kubernetes.PartialSlice;
import dev.podbond.operator.kubernetes.PartialTemplate;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/// What a cluster's dynamic resource allocation has for bonds: the templates of claims, and the VFs
/// that the driver tells of, less those that claims have.
final class ClaimsView {
  /// How many slices of a node are kept: 64 PFs of 128 VFs each. A node's driver writes them.
  private static final int SLICES_OF_NODE = 64;

  private final ClaimRules rules;
  private final InformerCache<PartialTemplate, PartialTemplate.Seen> templates;
  private final InformerCache<PartialSlice, DeviceSlice> slices;
  private final InformerCache<PartialClaim, PartialClaim.Has> claims;

  /// The templates, in an order in which those of a bond are together.
  private final NavigableMap<String, JsonObject> templatesByPath = new ConcurrentSkipListMap<>();

  /// The nodes with devices; empty if they have to be counted.
  private Optional<List<NodeDevices>> nodes = Optional.empty();

  /// @param templateChanged learns the namespace of a template that came, changed or went
  /// @param devicesChanged runs after devices, or those that claims have, may have changed; of
  ///   claims the count learns only by [#recount]
  ClaimsView(ClaimRules rules, Consumer<String> templateChanged, Runnable devicesChanged) {
    this.rules = rules;
    templates =
        new InformerCache<>(
            PartialTemplate::seen, (before, now) -> remember(before, now, templateChanged));
    slices =
        new InformerCache<>(
            PartialSlice::slice,
            (_, _) -> {
              // Slices change seldom, and at the start nothing may be judged by a part of them.
              recount();
              devicesChanged.run();
            },
            new Room(Integer.MAX_VALUE, SLICES_OF_NODE));
    claims =
        new InformerCache<>(
            PartialClaim::has,
            (before, now) -> {
              if (has(before) || has(now)) {
                devicesChanged.run();
              }
            });
  }

  private static boolean has(Optional<PartialClaim.Has> claim) {
    return claim.filter(one -> !one.devices().isEmpty()).isPresent();
  }

  /// The informers that fill it.
  List<SharedIndexInformer<?>> informers(KubernetesClient client) {
    SharedIndexInformer<PartialSlice> sliceInformer =
        Resources.lasting(
            client
                .resources(PartialSlice.class)
                .withField("spec.driver", SriovDriver.NAME)
                .withLimit(Resources.PAGE)
                .runnableInformer(0)
                .itemStore(new NameOnlyStore<>(PartialSlice::new)));
    sliceInformer.addEventHandler(slices);
    SharedIndexInformer<PartialClaim> claimInformer =
        Resources.lasting(
            client
                .resources(PartialClaim.class)
                .inAnyNamespace()
                .withLimit(Resources.LONG_PAGE)
                .runnableInformer(0));
    claimInformer.addEventHandler(claims);
    SharedIndexInformer<PartialTemplate> templateInformer =
        Resources.informer(client, PartialTemplate.class);
    templateInformer.addEventHandler(templates);
    // Claims first: a count of slices is of the claims that are known.
    return List.of(claimInformer, sliceInformer, templateInformer);
  }

  /// What is known for a BondNetwork.
  ClusterClaims.Enabled of(BondNetwork bond) {
    return new ClusterClaims.Enabled(rules, named(bond), nodes());
  }

  /// Whether a template is there.
  boolean has(ClaimTemplate template) {
    return templatesByPath.containsKey(template.path());
  }

  /// The paths of a BondNetwork's templates.
  Set<String> templates(BondNetwork bond) {
    Set<String> paths = new HashSet<>();
    named(bond)
        .forEach((path, manifest) -> {
          if (BondAttachment.isOwnedBy(manifest, bond)) {
            paths.add(path);
          }
        });
    return paths;
  }

  /// Has the devices counted anew when they are asked for next.
  synchronized void recount() {
    nodes = Optional.empty();
  }

  /// The templates with names as the bond's have. There may be any number of others.
  private Map<String, JsonObject> named(BondNetwork bond) {
    String start = ClaimTemplate.pathStart(bond);
    return templatesByPath.subMap(start, start + Character.MAX_VALUE);
  }

  private void remember(
      Optional<PartialTemplate.Seen> before,
      Optional<PartialTemplate.Seen> now,
      Consumer<String> templateChanged) {
    JsonObject manifest = now.or(() -> before).orElseThrow().manifest();
    if (now.isPresent()) {
      templatesByPath.put(ClusterView.path(manifest), manifest);
    } else {
      templatesByPath.remove(ClusterView.path(manifest));
    }
    templateChanged.accept(
        LenientObject.text(LenientObject.object(manifest, "metadata"), "namespace").orElse(""));
  }

  private synchronized List<NodeDevices> nodes() {
    if (nodes.isEmpty()) {
      Set<DeviceId> claimed = new HashSet<>();
      claims.byPath().values().forEach(claim -> claimed.addAll(claim.devices()));
      nodes = Optional.of(NodeDevices.of(slices.byPath().values(), claimed));
    }
    return nodes.orElseThrow();
  }
}
