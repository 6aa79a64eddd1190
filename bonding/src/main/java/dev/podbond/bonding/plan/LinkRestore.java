package dev.podbond.bonding.plan;

import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Change.AddAltName;
import dev.podbond.bonding.change.Change.Move;
import dev.podbond.bonding.change.Change.Release;
import dev.podbond.bonding.change.Change.RemoveAltName;
import dev.podbond.bonding.change.Change.Rename;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.change.Change.SetMac;
import dev.podbond.bonding.change.Change.SetMtu;
import dev.podbond.bonding.change.Change.Tune;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// The changes that restore one link. It restores MAC and MTU before the link moves: if the move
/// fails, at least these are right.
final class LinkRestore {
  private final SavedLink saved;
  private final LinkFacts now;
  private final NodeFacts facts;
  private final List<Change> changes = new ArrayList<>();
  private LinkRef link;
  private boolean up;

  /// @param now the link as found
  LinkRestore(SavedLink saved, LinkFacts now, NodeFacts facts) {
    this.saved = saved;
    this.now = now;
    this.facts = facts;
    this.link = now.ref();
    this.up = now.up();
  }

  List<Change> changes() {
    return List.copyOf(changes);
  }

  void add(Change change) {
    changes.add(change);
  }

  /// Takes it out of any bond.
  void release() {
    now.member()
        .ifPresent(member -> {
          add(new Release(link, link.named(member.bond())));
          up = false;
        });
  }

  void down() {
    if (up) {
      add(new SetAdminState(link, false));
      up = false;
    }
  }

  /// Sets the MAC, whatever the link reports.
  void setMac() {
    saved.mac().ifPresent(mac -> add(new SetMac(link, mac)));
  }

  /// Sets the MAC if it differs.
  void restoreMac() {
    boolean wasMember = now.member().isPresent();
    if (saved.mac().isPresent() && (wasMember || !saved.mac().equals(now.mac()))) {
      down();
      setMac();
    }
  }

  /// Restores settings that the pod may have changed. It leaves a link of the pod itself alone, and
  /// cannot bring back an XDP program: only its owner can.
  private void restoreTuning() {
    if (saved.home().place() != Place.HOST) {
      return;
    }
    saved
        .tuning()
        .otherThan(now.tuning())
        .forEach((setting, value) -> {
          if (setting != LinkSetting.XDP || value.equals("off")) {
            add(new Tune(link, setting, value));
          }
        });
  }

  /// Removes the alternative names that it got meanwhile, except for one.
  private void removeForeignAltNames(String kept) {
    if (saved.home().place() != Place.HOST) {
      return;
    }
    TreeSet<String> foreign = new TreeSet<>(now.altNames());
    foreign.removeAll(saved.altNames());
    foreign.remove(kept);
    foreign.forEach(altName -> add(new RemoveAltName(link, altName)));
  }

  /// Restores MTU, tuning, place, names and administrative state.
  void goHome() {
    restoreTuning();
    if (now.mtuBytes() != saved.mtuBytes()) {
      add(new SetMtu(link, saved.mtuBytes()));
    }
    String name = homeName();
    LinkRef home = new LinkRef(saved.home().place(), name);
    TreeSet<String> missing = new TreeSet<>(saved.altNames());
    missing.removeAll(now.altNames());
    removeForeignAltNames(name);
    if (!home.equals(link)) {
      down();
      if (now.altNames().contains(name)) {
        add(new RemoveAltName(link, name));
      }
      add(link.place() == home.place() ? new Rename(link, name) : new Move(link, home));
      link = home;
    }
    for (String altName : missing) {
      if (!isTaken(altName) && !altName.equals(name)) {
        add(new AddAltName(link, altName));
      }
    }
    if (up != saved.up()) {
      add(new SetAdminState(link, saved.up()));
    }
  }

  private String homeName() {
    LinkRef home = saved.home();
    boolean hasItsOwn = now.ref().place() == home.place() && !now.name().equals(saved.podName());
    if (hasItsOwn && isTaken(home.name())) {
      return now.name();
    }
    return FreeName.near(home.name(), this::isTaken);
  }

  /// Whether another link at home answers to the name.
  private boolean isTaken(String name) {
    return facts.links().stream()
        .filter(link -> link.ref().place() == saved.home().place() && !link.equals(now))
        .anyMatch(link -> link.answersTo(name));
  }
}
