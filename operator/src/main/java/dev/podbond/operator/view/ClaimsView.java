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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /// The nodes with devices; empty if something changed since they were counted.
  private Optional<List<NodeDevices>> nodes = Optional.empty();

  /// @param templateChanged learns the namespace of a template that came, changed or went
  /// @param devicesChanged runs after devices, or those that claims have, may have changed
  ClaimsView(ClaimRules rules, Consumer<String> templateChanged, Runnable devicesChanged) {
    this.rules = rules;
    templates =
        new InformerCache<>(
            PartialTemplate::seen,
            (before, now) ->
                now.or(() -> before)
                    .ifPresent(seen -> templateChanged.accept(namespace(seen.manifest()))));
    slices =
        new InformerCache<>(
            PartialSlice::slice,
            (_, _) -> recount(devicesChanged),
            new Room(Integer.MAX_VALUE, SLICES_OF_NODE));
    claims =
        new InformerCache<>(
            PartialClaim::has,
            (before, now) -> {
              if (has(before) || has(now)) {
                recount(devicesChanged);
              }
            });
  }

  private static String namespace(JsonObject template) {
    return LenientObject.text(LenientObject.object(template, "metadata"), "namespace").orElse("");
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
    return List.of(sliceInformer, claimInformer, templateInformer);
  }

  /// What is known for a BondNetwork.
  ClusterClaims.Enabled of(BondNetwork bond) {
    Map<String, JsonObject> known = new HashMap<>();
    String start = bond.namespace() + "/";
    templates
        .byPath()
        .forEach((path, seen) -> {
          if (path.startsWith(start)) {
            known.put(path, seen.manifest());
          }
        });
    return new ClusterClaims.Enabled(rules, known, nodes());
  }

  /// Whether a template is there.
  boolean has(ClaimTemplate template) {
    return templates.byPath().containsKey(template.path());
  }

  /// The paths of a BondNetwork's templates.
  Set<String> templates(BondNetwork bond) {
    Set<String> paths = new HashSet<>();
    of(bond)
        .templates()
        .forEach((path, manifest) -> {
          if (BondAttachment.isOwnedBy(manifest, bond)) {
            paths.add(path);
          }
        });
    return paths;
  }

  private void recount(Runnable devicesChanged) {
    synchronized (this) {
      nodes = Optional.empty();
    }
    devicesChanged.run();
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
