package dev.podbond.parity;

import dev.podbond.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One line of a case.
sealed interface Step {
  /// The pod that every case begins with.
  String FIRST_POD = "a";

  /// The node itself, where a line names a place.
  String HOST = "host";

  /// A further pod, which is a fresh network namespace.
  record NewPod(String pod) implements Step {}

  /// The pod's namespace vanishes; the step ends when its VFs are back on the host.
  record EndPod(String pod) implements Step {}

  /// Dummy links with MACs that follow from their order in the case.
  record Dummies(String place, List<String> names) implements Step {}

  /// A command in a place, by its shell; it must succeed.
  record Run(String place, String command) implements Step {}

  /// VFs of both PFs, such as `pf0v0`.
  ///
  /// @param anew even if those of the case before look as they were made: a PF remembers unseen
  ///   that it has set a VF's MAC
  record MakeVfs(int perPf, boolean anew) implements Step {}

  /// Everything in the kernel and in `/run` goes, files stay; VFs are made anew.
  record Reboot() implements Step {}

  /// A configuration under a name of the case's own.
  record Network(String name, JsonObject config) implements Step {}

  /// One call of a plugin.
  ///
  /// @param verb the CNI command
  /// @param network which [Network]'s configuration
  /// @param pod the pod that it is for
  /// @param ifname the interface's name in the pod
  /// @param environment further variables; an empty value removes one
  /// @param without members that are left out
  /// @param with members that are added or changed
  /// @param stdin text instead of a configuration
  record Call(
      String verb,
      String network,
      String pod,
      String ifname,
      Map<String, String> environment,
      List<String> without,
      JsonObject with,
      Optional<String> stdin)
      implements Step {
    String title() {
      return verb + " " + network + (pod.equals(FIRST_POD) ? "" : " in " + pod);
    }
  }

  /// What a contestant must show after the call before, such as `exit` = `0`.
  record Expect(Whom whom, String facet, String value) implements Step {}

  /// Of whom something is expected.
  enum Whom {
    BOTH,
    PEER,
    PODBOND
  }
}
