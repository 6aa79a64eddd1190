package dev.podbond.operator.view;

import dev.podbond.cluster.assess.Assessment;
import dev.podbond.cluster.assess.ClusterNames;
import dev.podbond.cluster.assess.ClusterSnapshot;
import dev.podbond.cluster.bond.Allocation;
import dev.podbond.cluster.bond.BondAttachment;
import dev.podbond.cluster.bond.BondMember;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.cluster.claim.ClaimRules;
import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.cluster.claim.ClusterClaims;
import dev.podbond.cluster.claim.SriovDriver;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.cluster.sriov.SriovNodeState;
import dev.podbond.cluster.sriov.VfNetwork;
import dev.podbond.cluster.sriov.VfPolicy;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.operator.kubernetes.Alone;
import dev.podbond.operator.kubernetes.BoundedObject;
import dev.podbond.operator.kubernetes.MarkedNamespace;
import dev.podbond.operator.kubernetes.PartialAttachment;
import dev.podbond.operator.kubernetes.PartialBondNetwork;
import dev.podbond.operator.kubernetes.PartialPolicy;
import dev.podbond.operator.kubernetes.PartialSriovNetwork;
import dev.podbond.operator.kubernetes.PodDevices;
import dev.podbond.operator.kubernetes.Resources;
import dev.podbond.operator.kubernetes.ResyncQueue;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The part of the cluster on which bonds depend. Informers report every change; the view tells its
/// listener which BondNetworks to assess again.
public final class ClusterView implements AutoCloseable {
  /// Pods come in bursts; the free VFs are counted once for each burst. Since each count can change
  /// the status of every bond, a burst lasts longer if there are more bonds: the operator writes at
  /// most twenty statuses a second.
  private static final Duration POD_CROWD = Duration.ofSeconds(2);

  private static final Duration POD_CROWD_PER_BOND = Duration.ofMillis(50);

  /// The limit for all BondNetworks together, in the unit of
  /// [dev.podbond.operator.kubernetes.BoundedObject#cost]: a usual one costs about 4000.
  private static final int BONDS_COST = 32 << 20;

  private final KubernetesClient client;
  private final ClusterNames names;
  private final BondRules rules;
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
  private final Set<String> marked = ConcurrentHashMap.newKeySet();
  private final Set<String> crowd = new HashSet<>();
  private final ResyncQueue crowds = new ResyncQueue(this::crowdPassed);
  private final PodsView pods =
      new PodsView(this::devicesChanged, pod -> this.podListener.accept(bonded(pod)));
  private final Optional<ClaimsView> claims;
  private final Companions companions =
      new Companions(() -> this.bonds.byPath().values(), () -> this.networks.byPath().values());

  /// Whether everything that was stored is in view. Until then nobody is told of companions: who
  /// starts assesses all bonds anyway.
  private volatile boolean isFull;

  private volatile Consumer<BondNetwork> listener = _ -> {};
  private volatile Consumer<BondedPod> podListener = _ -> {};

  private final InformerCache<PartialBondNetwork, BondNetwork> bonds =
      new InformerCache<>(
          resource -> BondNetwork.of(resource.manifest()),
          (before, now) -> {
            companions.see(before, now);
            now.ifPresent(bond -> listener.accept(bond));
            if (isFull) {
              // With the next burst of pods.
              matesChanged(companions.resourcesOfBond(before, now));
            }
          },
          new Room(BONDS_COST, BONDS_COST / 4));
  private final InformerCache<PartialSriovNetwork, VfNetwork> networks =
      new InformerCache<>(
          resource -> VfNetwork.of(resource.manifest()),
          (before, now) -> {
            companions.networkChanged();
            before.ifPresent(network -> attachmentChanged(network.attachment()));
            now.ifPresent(network -> attachmentChanged(network.attachment()));
            if (isFull) {
              matesChanged(companions.resourcesOfNetwork(before, now));
            }
          });
  private final InformerCache<PartialPolicy, VfPolicy> policies =
      new InformerCache<>(
          resource -> VfPolicy.of(resource.manifest()),
          (before, now) -> {
            Set<String> resources = new HashSet<>();
            before.ifPresent(policy -> resources.add(policy.resource()));
            now.ifPresent(policy -> resources.add(policy.resource()));
            resourcesChanged(resources);
          });
  private final InformerCache<GenericKubernetesResource, SriovNodeState> nodes =
      new InformerCache<>(
          resource -> SriovNodeState.of(Resources.json(resource)), (_, _) -> everythingChanged());
  private final InformerCache<PartialAttachment, PartialAttachment.Seen> attachments =
      new InformerCache<>(
          PartialAttachment::seen,
          (before, now) ->
              now.or(() -> before).ifPresent(seen -> attachmentChanged(path(seen.manifest()))));

  /// A view that is empty until [#start].
  ///
  /// @param claims how VFs are claimed; empty if BondNetworks may not have that
  public ClusterView(
      KubernetesClient client, ClusterNames names, BondRules rules, Optional<ClaimRules> claims) {
    this.client = client;
    this.names = names;
    this.rules = rules;
    this.claims =
        claims.map(how ->
            new ClaimsView(
                how,
                // Of another namespace's templates a bond can have none.
                namespace -> tell(bond -> isClaimed(bond) && bond.namespace().equals(namespace)),
                () -> devicesChanged(Set.of(SriovDriver.NAME))));
  }

  private static boolean isClaimed(BondNetwork bond) {
    return bond.allocation() instanceof Allocation.Dra;
  }

  /// Fills the view and keeps it current; returns when it is full.
  public void start() {
    follow(
        Resources.lasting(
            client
                .genericKubernetesResources(Resources.NODE_STATES)
                .inAnyNamespace()
                .withLimit(Resources.PAGE)
                .runnableInformer(0)),
        nodes);
    watch(PartialPolicy.class, PartialPolicy::new, policies);
    watch(PartialSriovNetwork.class, PartialSriovNetwork::new, networks);
    follow(Resources.informer(client, PartialAttachment.class), attachments);
    claims.ifPresent(view -> informers.addAll(view.informers(client)));
    watch(PartialBondNetwork.class, PartialBondNetwork::new, bonds);
    // Pods that have devices: only after they are scheduled and before they end.
    SharedIndexInformer<PodDevices> podInformer =
        client
            .resources(PodDevices.class)
            .inAnyNamespace()
            .withoutField("spec.nodeName", "")
            .withoutField("status.phase", "Succeeded")
            .withoutField("status.phase", "Failed")
            .withLimit(Resources.LONG_PAGE)
            .runnableInformer(0);
    podInformer.addEventHandler(pods);
    informers.add(Resources.lasting(podInformer));
    SharedIndexInformer<MarkedNamespace> namespaces =
        client.resources(MarkedNamespace.class).withLimit(Resources.LONG_PAGE).runnableInformer(0);
    namespaces.addEventHandler(new NamespaceHandler());
    informers.add(Resources.lasting(namespaces));
    // One after the other, so that only one page of the stored objects is in memory.
    informers.forEach(informer -> informer.start().toCompletableFuture().join());
    isFull = true;
  }

  private <R extends BoundedObject> void watch(
      Class<R> kind, Supplier<R> make, InformerCache<R, ?> kept) {
    follow(Resources.informer(client, kind).itemStore(new NameOnlyStore<>(make)), kept);
  }

  private <R extends HasMetadata> void follow(
      SharedIndexInformer<R> informer, InformerCache<R, ?> kept) {
    informer.addEventHandler(kept);
    informers.add(informer);
  }

  /// The cluster's names.
  public ClusterNames names() {
    return names;
  }

  /// What a BondNetwork may do.
  public BondRules rules() {
    return rules;
  }

  /// Sets the listener, which learns which BondNetworks must be assessed again.
  public void listen(Consumer<BondNetwork> bondChanged) {
    listener = bondChanged;
  }

  /// Sets the listener, which learns of pods that may have bonds and have come, changed or gone.
  public void listenToPods(Consumer<BondedPod> podChanged) {
    podListener = podChanged;
  }

  /// Has a BondNetwork looked at again, if there is one of this path.
  public void lookAgain(String path) {
    bond(path).ifPresent(listener);
  }

  /// Has all BondNetworks looked at again.
  public void lookAgain() {
    everythingChanged();
  }

  /// The running pods of a node that may have bonds.
  public List<BondedPod> podsOn(String node) {
    return pods.on(node).stream().map(this::bonded).toList();
  }

  /// The running pods that asked for a BondNetwork.
  ///
  /// @param network its path
  public List<BondedPod> podsUsing(String network) {
    return pods.using(network).stream().map(this::bonded).toList();
  }

  /// The nodes with pods that may have bonds.
  public Set<String> nodesWithPods() {
    return pods.nodes();
  }

  /// Of its networks only those count that are BondNetworks now.
  private BondedPod bonded(PodDevices pod) {
    return new BondedPod(
        pod.getMetadata().getNamespace(),
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        pod.node(),
        pod.networks().stream().filter(use -> bond(use.network()).isPresent()).toList(),
        Resources.version(pod),
        pod.conditions());
  }

  /// Whether every informer still watches.
  public boolean isWatching() {
    return !informers.isEmpty() && informers.stream().allMatch(SharedIndexInformer::isWatching);
  }

  private ClusterSnapshot snapshot(
      BondNetwork bond, List<VfNetwork> newNetworks, Optional<List<VfPolicy>> newPolicies) {
    Map<String, VfNetwork> members = new HashMap<>();
    Map<String, JsonObject> rendered = new HashMap<>();
    Set<String> wanted = new HashSet<>();
    bond.members().forEach(member -> wanted.add(bond.namespace() + "/" + member.network()));
    networks.byPath().values().stream()
        .filter(network -> wanted.contains(network.attachment()))
        .forEach(network -> members.put(network.attachment(), network));
    newNetworks.stream()
        .filter(network -> wanted.contains(network.attachment()))
        .forEach(network -> members.put(network.attachment(), network));
    wanted.addAll(bond.attachments());
    for (String path : wanted) {
      attachment(path).ifPresent(found -> rendered.put(path, found.manifest()));
    }
    return new ClusterSnapshot(
        members,
        newPolicies.orElseGet(() -> List.copyOf(policies.byPath().values())),
        List.copyOf(nodes.byPath().values()),
        rendered,
        pods.devices(),
        names,
        rules,
        claims
            .filter(_ -> isClaimed(bond))
            .<ClusterClaims>map(view -> view.of(bond))
            .orElseGet(ClusterClaims.Disabled::new),
        companions.of(bond));
  }

  /// Has the bonds looked at whose VFs are of the same PFs as these.
  private void matesChanged(Set<String> resources) {
    if (!resources.isEmpty()) {
      Set<String> mates = new HashSet<>(resources);
      nodes.byPath().values().forEach(node -> mates.addAll(node.mates(resources)));
      devicesChanged(mates);
    }
  }

  /// Whether a ResourceClaimTemplate is there. Nobody can change one.
  public boolean isApplied(ClaimTemplate template) {
    return claims.filter(view -> view.has(template)).isPresent();
  }

  /// The paths of all ResourceClaimTemplates that were made for a BondNetwork.
  public Set<String> templates(BondNetwork bond) {
    return claims.map(view -> view.templates(bond)).orElse(Set.of());
  }

  /// The BondNetwork with this path; one that was created a moment ago may be unknown.
  public Optional<BondNetwork> bond(String path) {
    return Optional.ofNullable(bonds.byPath().get(path));
  }

  /// Whether a namespace has the mark of those with bonds.
  public boolean isMarked(String namespace) {
    return marked.contains(namespace);
  }

  /// The known part of the network attachment with this path.
  public Optional<PartialAttachment.Seen> attachment(String path) {
    return Optional.ofNullable(attachments.byPath().get(path));
  }

  /// The paths of network attachments that were rendered from a BondNetwork but no longer belong to
  /// it.
  public List<String> abandoned(BondNetwork bond) {
    Set<String> wanted = Set.copyOf(bond.attachments());
    return attachments.byPath().entrySet().stream()
        // The cheap check comes first: this goes through all attachments, for each look at each
        // bond.
        .filter(found -> found.getKey().startsWith(bond.path() + "-"))
        .filter(found -> !wanted.contains(found.getKey()))
        .filter(found -> BondAttachment.isOwnedBy(found.getValue().manifest(), bond))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// The device resource of a network, prefix included: from its attachment, otherwise from the
  /// network that will be rendered into it.
  public Optional<String> resource(String path) {
    return names.device(
        attachment(path).map(PartialAttachment.Seen::manifest),
        () ->
            networks.byPath().values().stream()
                .filter(network -> network.attachment().equals(path))
                .findFirst());
  }

  /// Assesses a BondNetwork by what is known now.
  public Assessment assess(BondNetwork bond) {
    return Assessment.of(bond, snapshot(bond, List.of(), Optional.empty()));
  }

  /// Assesses a BondNetwork by its members' networks and the policies as the API server has them at
  /// this moment. It does not store them: the informers report them in their own order.
  public Assessment assessAnew(BondNetwork bond, FreshObjects fresh, Questions questions) {
    Optional<List<VfPolicy>> policiesNow = fresh.policies(questions);
    List<VfNetwork> networksNow = new ArrayList<>();
    bond.members().stream()
        .map(BondMember::network)
        .filter(ObjectKey::isName)
        .distinct()
        .forEach(network -> networksNow.addAll(fresh.networks(network, questions)));
    return Assessment.of(bond, snapshot(bond, networksNow, policiesNow));
  }

  /// Whether there is a network attachment with this path that was not rendered from a BondNetwork.
  public boolean isForeignAttachment(String path) {
    return attachment(path)
        .filter(found -> !BondAttachment.isRendered(found.manifest()))
        .isPresent();
  }

  private void attachmentChanged(String path) {
    tell(bond ->
        bond.attachments().contains(path)
            || bond.members().stream()
                .map(BondMember::network)
                .anyMatch(network -> path.equals(bond.namespace() + "/" + network)));
  }

  private void resourcesChanged(Set<String> resources) {
    if (resources.contains(SriovDriver.NAME)) {
      tell(ClusterView::isClaimed);
    }
    Set<String> paths = new HashSet<>();
    networks.byPath().values().stream()
        .filter(network ->
            resources.contains(network.resource())
                || resources.contains(names.qualified(network.resource())))
        .forEach(network -> paths.add(network.attachment()));
    tell(bond ->
        bond.members().stream()
            .anyMatch(member -> paths.contains(bond.namespace() + "/" + member.network())));
  }

  private void everythingChanged() {
    tell(_ -> true);
  }

  private void tell(Predicate<BondNetwork> concerned) {
    for (BondNetwork bond : bonds.byPath().values()) {
      var _ =
          Alone.attempt(
              () -> "BondNetwork " + bond.path(),
              () -> {
                if (concerned.test(bond)) {
                  listener.accept(bond);
                }
              });
    }
  }

  /// `namespace/name` of an object.
  public static String path(JsonObject object) {
    JsonObject metadata = LenientObject.object(object, "metadata");
    return LenientObject.text(metadata, "namespace").orElse("")
        + "/"
        + LenientObject.text(metadata, "name").orElse("");
  }

  /// Reports a burst of pods or claims once, a while after the first.
  ///
  /// @param resources for VFs that are claimed, the name of their driver
  private synchronized void devicesChanged(Set<String> resources) {
    if (!resources.isEmpty()) {
      crowd.addAll(resources);
      crowds.request(POD_CROWD.plus(POD_CROWD_PER_BOND.multipliedBy(bonds.byPath().size())));
    }
  }

  private void crowdPassed() {
    Set<String> resources;
    synchronized (this) {
      resources = Set.copyOf(crowd);
      crowd.clear();
    }
    if (resources.contains(SriovDriver.NAME)) {
      claims.ifPresent(ClaimsView::recount);
    }
    var _ = Alone.attempt(() -> "what pods use", () -> resourcesChanged(resources));
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
    crowds.close();
  }

  /// Handles only namespaces that have or lose the mark.
  private final class NamespaceHandler implements ResourceEventHandler<MarkedNamespace> {
    @Override
    public void onAdd(MarkedNamespace namespace) {
      see(namespace);
    }

    @Override
    public void onUpdate(MarkedNamespace old, MarkedNamespace namespace) {
      see(namespace);
    }

    @Override
    public void onDelete(MarkedNamespace namespace, boolean unknownFinalState) {
      marked.remove(namespace.getMetadata().getName());
    }

    private void see(MarkedNamespace namespace) {
      String name = namespace.getMetadata().getName();
      if (namespace.isMarked()) {
        marked.add(name);
      } else {
        marked.remove(name);
        // Any of its bonds will mark it again when it is assessed.
        bonds.byPath().values().stream()
            .filter(bond -> bond.namespace().equals(name))
            .findFirst()
            .ifPresent(
                bond -> Alone.attempt(() -> "Namespace " + name, () -> listener.accept(bond)));
      }
    }
  }
}
