package dev.podbond.netlink.wire;

/// Message types below `NLMSG_MIN_TYPE` and the flags of the header, from `linux/netlink.h`.
public final class NetlinkFlags {
  /// `NLMSG_NOOP`.
  public static final int NOOP = 1;

  /// `NLMSG_ERROR`: a refusal, or with error 0 an acknowledgement.
  public static final int ERROR = 2;

  /// `NLMSG_DONE`: the end of a dump.
  public static final int DONE = 3;

  /// `NLM_F_REQUEST`.
  public static final int REQUEST = 0x1;

  /// `NLM_F_MULTI`: part of a dump, which ends with [#DONE].
  public static final int MULTI = 0x2;

  /// `NLM_F_ACK`: asks for an acknowledgement on success too.
  public static final int ACK = 0x4;

  /// `NLM_F_DUMP_INTR`: the tables changed during the dump, so the dump may be inconsistent.
  public static final int DUMP_INTERRUPTED = 0x10;

  /// `NLM_F_DUMP_FILTERED`: the kernel has filtered the dump as the request asked.
  public static final int DUMP_FILTERED = 0x20;

  /// `NLM_F_DUMP`, in a GET request: all objects.
  public static final int DUMP = 0x300;

  /// `NLM_F_REPLACE`, in a NEW request.
  public static final int REPLACE = 0x100;

  /// `NLM_F_EXCL`, in a NEW request: fail if the object exists.
  public static final int EXCL = 0x200;

  /// `NLM_F_CREATE`, in a NEW request.
  public static final int CREATE = 0x400;

  /// `NLM_F_APPEND`, in a NEW request: put the object after those like it.
  public static final int APPEND = 0x800;

  /// `NLM_F_CAPPED`, in an acknowledgement: only the header of the request is repeated.
  public static final int CAPPED = 0x100;

  /// `NLM_F_ACK_TLVS`, in an acknowledgement: attributes follow.
  public static final int ACK_TLVS = 0x200;

  private NetlinkFlags() {}
}
