package dev.podbond.plugins.session;

import dev.podbond.cni.spec.CniErrorCode;

/// The error codes of our own (CNI spec, "Error": 100 and above are the plugin's). docs/errors.md
/// lists them for users.
public final class PluginErrorCodes {
  /// Preflight refused: the configuration is sound, but cannot work with what is on this node, or
  /// with the addresses that IPAM gave. The node is as before.
  public static final CniErrorCode REFUSED = new CniErrorCode(100);

  /// A change failed or had no effect, and we took everything back: the node is as before.
  public static final CniErrorCode UNDONE = new CniErrorCode(101);

  /// A change failed and we could not take everything back; the record is kept and DEL finishes.
  public static final CniErrorCode UNDO_INCOMPLETE = new CniErrorCode(102);

  /// CHECK found the attachment in another state than ADD left it.
  public static final CniErrorCode DIFFERENT = new CniErrorCode(103);

  /// DEL removed what it could, and something was left.
  public static final CniErrorCode NOT_ALL_REMOVED = new CniErrorCode(104);

  private PluginErrorCodes() {}
}
