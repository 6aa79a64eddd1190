package dev.podbond.bonding.state;

import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.List;

/// One problem of a bond, in the words of `podbond status`.
public sealed interface BondProblem {
  /// The bond has no carrier.
  record NoCarrier() implements BondProblem {
    @Override
    public String toString() {
      return "no member passes traffic";
    }
  }

  /// A member has no carrier, or link monitoring considers it down.
  ///
  /// @param heldDown whether it has a carrier nevertheless, as can happen with ARP monitoring
  record MemberDown(String member, boolean heldDown) implements BondProblem {
    @Override
    public String toString() {
      return "member " + member + (heldDown ? " is held down" : " has no link");
    }
  }

  /// A member has a carrier, but LACP keeps it out of the aggregator that carries the traffic.
  record OutsideAggregator(String member) implements BondProblem {
    @Override
    public String toString() {
      return "member " + member + " is outside the active aggregator";
    }
  }

  /// The agent keeps a member from carrying traffic, since nothing answers behind its PF's cable.
  ///
  /// @param member its name in the record
  /// @param pf the PF whose uplink is bad
  /// @param why in words, from when it was done
  record HeldBack(String member, ConfiguredMember.Pf pf, String why, Where where)
      implements BondProblem {
    /// Where it is meant to be meanwhile.
    public enum Where {
      /// In its bond, as the last choice.
      INSIDE,
      /// Not in its bond.
      OUTSIDE
    }

    /// What is behind it, in words: `the uplink of PF ens1f0 (0000:3b:00.0) is bad, …`.
    public String cause() {
      return "the uplink of " + pf + " is bad, " + why;
    }

    @Override
    public String toString() {
      return "member " + member + " is held back: " + cause();
    }
  }

  /// Members that the bond was made with are not in it.
  ///
  /// @param names theirs
  /// @param expected with how many it was made
  record MembersMissing(List<String> names, int expected) implements BondProblem {
    /// Copies the list.
    public MembersMissing {
      names = List.copyOf(names);
    }

    @Override
    public String toString() {
      return expected
          - names.size()
          + " of "
          + expected
          + " members are in the bond, without "
          + String.join(", ", names);
    }
  }

  /// The mode needs a partner, but nobody answers.
  record NoLacpPartner() implements BondProblem {
    @Override
    public String toString() {
      return "no LACP partner answers";
    }
  }

  /// Another host has an address that the attachment was given (RFC 4862 section 5.4.5): the
  /// address does not work.
  record DuplicateAddress(InetAddress address) implements BondProblem {
    @Override
    public String toString() {
      return "another host has its address " + IpText.format(address);
    }
  }
}
