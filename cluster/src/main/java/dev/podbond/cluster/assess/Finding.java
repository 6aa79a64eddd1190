package dev.podbond.cluster.assess;

import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.json.Printable;

/// One problem of a BondNetwork.
///
/// @param message the object, what was found and what to do
public record Finding(Reason reason, String message) {
  /// Nobody reads as much as an API server may say of a refusal.
  private static final int MAX_SAID = 1000;

  /// The API server does not take the template that pods are to claim from.
  ///
  /// @param said what it says of that; it may repeat what a tenant wrote
  public static Finding refused(ClaimTemplate template, String said) {
    return new Finding(
        Reason.TEMPLATE_REFUSED,
        "the API server refuses ResourceClaimTemplate "
            + template.path()
            + ": "
            + Printable.head(Printable.line(said), MAX_SAID)
            + "; pods wait for their claim until it takes it, for which it is asked again and"
            + " again");
  }
}
