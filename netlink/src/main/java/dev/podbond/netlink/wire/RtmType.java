package dev.podbond.netlink.wire;

/// Message types of rtnetlink, `RTM_*` of `linux/rtnetlink.h`.
public final class RtmType {
  public static final int NEWLINK = 16;
  public static final int DELLINK = 17;
  public static final int GETLINK = 18;
  public static final int SETLINK = 19;
  public static final int NEWADDR = 20;
  public static final int DELADDR = 21;
  public static final int GETADDR = 22;
  public static final int NEWROUTE = 24;
  public static final int DELROUTE = 25;
  public static final int GETROUTE = 26;
  public static final int NEWNSID = 88;
  public static final int GETNSID = 90;
  public static final int NEWLINKPROP = 108;
  public static final int DELLINKPROP = 109;

  private RtmType() {}
}
