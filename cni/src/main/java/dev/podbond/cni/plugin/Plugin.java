package dev.podbond.cni.plugin;

import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniVersion;
import java.util.List;

/// A CNI plugin: what it does for each verb, all of the process contract aside. Any failure is a
/// [CniException]; other exceptions are reported as code 999.
public interface Plugin {

  /// One line of who this is, printed when the executable is run outside of CNI.
  String about();

  /// The versions of the specification that the plugin speaks, oldest first.
  default List<CniVersion> supportedVersions() {
    return CniVersion.all();
  }

  /// Attaches the container. The result is written in the layout of the configuration's version; a
  /// plugin should refuse early what that version cannot report
  /// ([CniVersion#resultListsInterfaces]).
  CniResult add(Invocation invocation) throws CniException;

  /// Frees everything of the attachment; what is gone already is no failure.
  void del(Invocation invocation) throws CniException;

  /// Verifies that the attachment is as ADD left it.
  void check(Invocation invocation) throws CniException;

  /// Fails with code 50 or 51 if ADD could not be served now.
  void status(NetworkInvocation invocation) throws CniException;

  /// Frees what no attachment in [dev.podbond.cni.spec.NetworkConfig#validAttachments] holds.
  void gc(NetworkInvocation invocation) throws CniException;
}
