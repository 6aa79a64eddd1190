package dev.podbond.node.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.podbond.bonding.net.NetnsId;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VfClaimsTest {
  private static final PciAddress VF = PciAddress.parse("0000:01:10.0").orElseThrow();

  private static final NetnsId HERE = new NetnsId(NetnsIds.bootId(), OptionalLong.empty());

  @TempDir Path directory;
  private final Set<ClaimOwner> recorded = ConcurrentHashMap.newKeySet();
  private NodeLocks locks;
  private VfClaims claims;
  private ClaimOwner blue;
  private ClaimOwner green;

  @BeforeEach
  void twoPods() throws Exception {
    locks = NodeLocks.open(directory.resolve("state"), new Polling(WaitClock.SYSTEM));
    claims =
        new VfClaims(directory.resolve("state"), directory.resolve("sriov"), recorded::contains);
    blue = pod("blue");
    green = pod("green");
  }

  @AfterEach
  void close() throws StateException {
    locks.close();
  }

  private ClaimOwner pod(String name) throws IOException {
    ClaimOwner owner =
        new ClaimOwner(name, "net1", Files.createFile(directory.resolve(name)).toString(), HERE);
    recorded.add(owner);
    return owner;
  }

  /// The path exists and leads to another namespace: no namespace outlives its boot.
  @Test
  void aVfOfANamespaceWhosePathLeadsToAnotherByNowIsFree() throws Exception {
    String path = "/proc/self/ns/net";
    ClaimOwner gone =
        new ClaimOwner("c0", "net1", path, new NetnsId("another boot", OptionalLong.of(7)));
    recorded.add(gone);
    assertThat(claim(gone)).isEqualTo(new VfClaim.Granted(Optional.empty()));
    assertThat(claims.owner(VF)).contains(gone);
    assertThat(claims.isTaken(VF)).isFalse();
    assertThat(claim(blue)).isEqualTo(new VfClaim.Granted(Optional.of(gone)));
    assertThat(claim(green)).isEqualTo(new VfClaim.Taken(blue));
  }

  private VfClaim claim(ClaimOwner owner) throws StateException {
    try (HeldLock lock = locks.acquire(new LockName.OfPci(VF), Duration.ofSeconds(30))) {
      return claims.claim(lock, VF, owner);
    }
  }

  private boolean release(ClaimOwner owner) throws StateException {
    try (HeldLock lock = locks.acquire(new LockName.OfPci(VF), Duration.ofSeconds(30))) {
      return claims.release(lock, VF, owner);
    }
  }

  /// If the process dies between the two, the removal that knows the VF's former state still has
  /// it.
  @Test
  void aVfIsThePreviousOwnersUntilItIsMadeReadyForTheNext() throws Exception {
    claim(blue);
    recorded.remove(blue);
    try (HeldLock lock = locks.acquire(new LockName.OfPci(VF), Duration.ofSeconds(30))) {
      assertThatThrownBy(() ->
              claims.claim(
                  lock,
                  VF,
                  green,
                  previous -> {
                    assertThat(previous).isEqualTo(blue);
                    assertThat(claims.owner(VF)).contains(blue);
                    throw new IllegalStateException("dead half way");
                  }))
          .hasMessage("dead half way");
    }
    assertThat(claims.owner(VF)).contains(blue);
  }

  @Test
  void aFreeVfIsGranted() throws StateException {
    assertThat(claims.isTaken(VF)).isFalse();
    assertThat(claim(blue)).isEqualTo(new VfClaim.Granted(Optional.empty()));
    assertThat(claims.owner(VF)).contains(blue);
    assertThat(claims.isTaken(VF)).isTrue();
    List<ClaimOwner> all = new ArrayList<>();
    claims.forEach(
        (pci, owner) -> {
          assertThat(pci).isEqualTo(VF);
          all.add(owner);
        },
        line -> fail(line));
    assertThat(all).containsExactly(blue);
  }

  @Test
  void aVfOfOnePodIsRefusedToAnother() throws StateException {
    claim(blue);
    assertThat(claim(green)).isEqualTo(new VfClaim.Taken(blue));
    assertThat(claim(green)).hasToString("it belongs to " + blue);
  }

  @Test
  void theOwnerIsGrantedItAgain() throws StateException {
    claim(blue);
    assertThat(claim(blue)).isEqualTo(new VfClaim.Granted(Optional.empty()));
  }

  @Test
  void aReleasedVfIsFree() throws StateException {
    claim(blue);
    assertThat(release(blue)).isTrue();
    assertThat(release(blue)).as("a second time").isFalse();
    assertThat(claim(green)).isEqualTo(new VfClaim.Granted(Optional.empty()));
  }

  @Test
  void nobodyGivesBackTheVfOfAnother() throws StateException {
    claim(blue);
    assertThat(release(green)).isFalse();
    assertThat(claims.owner(VF)).contains(blue);
  }

  @Test
  void theClaimOfAnAttachmentWithoutARecordIsTakenOverAndItsOwnerNamed() throws StateException {
    claim(blue);
    recorded.remove(blue);
    assertThat(claim(green)).isEqualTo(new VfClaim.Granted(Optional.of(blue)));
    assertThat(claims.owner(VF)).contains(green);
  }

  @Test
  void theClaimOfAVanishedNetnsIsTakenOver() throws Exception {
    claim(blue);
    Files.delete(Path.of(blue.netns()));
    assertThat(claim(green)).isEqualTo(new VfClaim.Granted(Optional.of(blue)));
  }

  /// As in a container without a mount of the directory of the namespaces.
  @Test
  void aClaimWhoseNetnsCannotBeLookedForFromHereIsAlive() throws Exception {
    ClaimOwner unseen =
        new ClaimOwner("blue", "net1", directory.resolve("netns/blue").toString(), HERE);
    recorded.add(unseen);
    claim(unseen);
    assertThat(claims.isTaken(VF)).isTrue();
    assertThat(claim(green)).isEqualTo(new VfClaim.Taken(unseen));

    Files.createDirectory(directory.resolve("netns"));
    assertThat(claims.isTaken(VF)).isFalse();
    assertThat(claim(green)).isEqualTo(new VfClaim.Granted(Optional.of(unseen)));
  }

  @Test
  void aClaimOfAnEarlierBootIsNobodysEvenWhereNothingCanBeSeen() throws Exception {
    ClaimOwner earlier =
        new ClaimOwner(
            "blue",
            "net1",
            directory.resolve("netns/blue").toString(),
            new NetnsId("earlier", OptionalLong.empty()));
    recorded.add(earlier);
    claim(earlier);
    assertThat(claims.isTaken(VF)).isFalse();
  }

  @Test
  void aClaimWrittenWithoutItsBootIsReadAndAlive() throws Exception {
    claim(blue);
    Files.writeString(
        directory.resolve("state/vf").resolve(VF.toString()),
        "{\"containerId\": \"blue\", \"ifname\": \"net1\", \"netns\": \"%s\"}"
            .formatted(blue.netns()));
    ClaimOwner read = claims.owner(VF).orElseThrow();
    assertThat(read.isSameAttachment(blue)).isTrue();
    recorded.add(read);
    assertThat(claims.isTaken(VF)).isTrue();
  }

  @Test
  void anAllocationOfSriovCniIsHonouredWhereItsNetnsCannotBeLookedFor() throws Exception {
    Path allocation = Files.createDirectories(directory.resolve("sriov")).resolve(VF.toString());
    Files.writeString(allocation, directory.resolve("netns/other").toString());
    assertThat(claims.isTaken(VF)).isTrue();
    Files.createDirectory(directory.resolve("netns"));
    assertThat(claims.isTaken(VF)).isFalse();
  }

  @Test
  void aDamagedClaimIsTakenOver() throws Exception {
    claim(blue);
    Files.writeString(
        directory.resolve("state/vf").resolve(VF.toString()), "{\"containerId\": \"b");
    assertThat(claim(green)).isEqualTo(new VfClaim.Granted(Optional.empty()));
  }

  @Test
  void aClaimWhoseNetnsCanBeNoPathIsTakenOver() throws Exception {
    claim(blue);
    Files.writeString(
        directory.resolve("state/vf").resolve(VF.toString()),
        "{\"containerId\": \"c\", \"ifname\": \"net1\", \"netns\": \"/proc/1/ns/net\\ud800\"}");
    assertThat(claim(green)).isInstanceOf(VfClaim.Granted.class);
  }

  @Test
  void anAllocationOfSriovCniToALivingNetnsIsHonoured() throws Exception {
    Path allocation = Files.createDirectories(directory.resolve("sriov")).resolve(VF.toString());
    Files.writeString(allocation, blue.netns());
    assertThat(claim(green)).isEqualTo(new VfClaim.TakenBySriovCni(blue.netns()));
    assertThat(claims.isTaken(VF)).isTrue();
    Files.writeString(allocation, directory.resolve("gone").toString());
    assertThat(claim(green)).isInstanceOf(VfClaim.Granted.class);
  }

  @Test
  void ofManyPodsThatWantOneVfAtOnceExactlyOneGetsIt() throws Exception {
    List<Future<VfClaim>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 16; i++) {
        ClaimOwner owner = pod("pod" + i);
        answers.add(threads.submit(() -> claim(owner)));
      }
    }
    int granted = 0;
    for (Future<VfClaim> answer : answers) {
      granted += answer.get() instanceof VfClaim.Granted ? 1 : 0;
    }
    assertThat(granted).isEqualTo(1);
  }

  @Test
  void theLockMustBeThatOfTheVf() throws StateException {
    try (HeldLock lock = locks.acquire(new LockName.OfAttachment("a", "b"), Duration.ZERO)) {
      assertThatThrownBy(() -> claims.claim(lock, VF, blue))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
