package dev.podbond.plugins.verb;

import dev.podbond.bonding.preflight.Finding;
import dev.podbond.bonding.preflight.Preflight;
import dev.podbond.cni.spec.CniException;
import dev.podbond.plugins.attachment.AttachmentSpec;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.plugins.session.PluginErrorCodes;
import java.util.List;
import java.util.stream.Collectors;

/// Turns the findings about an attachment into warnings for the log and refusals for the caller.
final class PreflightVerdict {
  private PreflightVerdict() {}

  /// Logs what is unwise and refuses what cannot work.
  ///
  /// @param refused the beginning of a refusal's text
  /// @throws CniException with code 100 and all refusals in one sentence
  static void require(
      NodeEnvironment node, AttachmentSpec spec, List<Finding> findings, String refused)
      throws CniException {
    List<Finding> refusals = Preflight.refusals(findings, spec.strict());
    for (Finding finding : findings) {
      if (!refusals.contains(finding)) {
        node.warn(finding.toString());
      }
    }
    if (!refusals.isEmpty()) {
      throw new CniException(
          PluginErrorCodes.REFUSED,
          refused + refusals.stream().map(Finding::toString).collect(Collectors.joining("; ")));
    }
  }
}
