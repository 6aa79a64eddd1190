package dev.podbond.cni.plugin;

import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniVersion;
import java.util.List;

/// A CNI plugin: what it does for each verb, without the process contract. It reports any failure
/// as a [CniException]; other exceptions become code 999.
public interface Plugin {

  /// One line that identifies the plugin, printed when the executable runs outside of CNI.
  String about();

  /// The versions of the specification that the plugin speaks, oldest first.
  default List<CniVersion> supportedVersions() {
    return CniVersion.all();
  }

  /// Attaches the container. The result is written in the layout of the configuration's version. A
  /// plugin should refuse early if that version cannot report its result
  /// ([CniVersion#resultListsInterfaces]).
  CniResult add(Invocation invocation) throws CniException;

  /// Frees everything of the attachment; if something is gone already, that is not a failure.
  void del(Invocation invocation) throws CniException;

  /// Verifies that the attachment is as ADD left it.
  void check(Invocation invocation) throws CniException;

  /// Fails with code 50 or 51 if ADD could not be served now.
  void status(NetworkInvocation invocation) throws CniException;

  /// Frees what no attachment in [dev.podbond.cni.spec.NetworkConfig#validAttachments] holds.
  void gc(NetworkInvocation invocation) throws CniException;
}
