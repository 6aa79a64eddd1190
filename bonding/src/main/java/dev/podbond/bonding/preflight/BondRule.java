package dev.podbond.bonding.preflight;

import java.util.stream.Stream;

/// One check before a bond is made.
@FunctionalInterface
interface BondRule {
  Stream<Finding> check(PreflightInput request);

  /// A rule that checks each member by itself.
  @FunctionalInterface
  interface OfMember {
    Stream<Finding> check(ResolvedMember member, PreflightInput request);
  }

  static BondRule forEach(OfMember rule) {
    return request -> request.members().stream().flatMap(member -> rule.check(member, request));
  }
}
