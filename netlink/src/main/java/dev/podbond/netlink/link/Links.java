package dev.podbond.netlink.link;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.socket.DumpReader;
import dev.podbond.netlink.socket.NetlinkRequest;
import dev.podbond.netlink.socket.NetlinkSocket;
import dev.podbond.netlink.wire.KernelText;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkFlags;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.netlink.wire.RtmType;
import dev.podbond.value.LinkTraffic;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The interfaces of the socket's network namespace.
///
/// The methods identify an interface by its index, because its name may change between two calls.
public final class Links {
  private final NetlinkSocket socket;

  /// The interfaces as seen through a socket.
  public Links(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// The interface of this index.
  ///
  /// @throws NetlinkException `ENODEV` if there is no such interface
  public Link get(int index) throws NetlinkException {
    return one(getRequest(index, false));
  }

  /// The interface of this name or alternative name.
  ///
  /// @throws NetlinkException `ENODEV` if there is no such interface
  public Link get(String name) throws NetlinkException {
    return one(getRequest(name));
  }

  /// The interface of this index with its VFs, if it is a PF.
  ///
  /// @throws NetlinkException `ENODEV` if there is no such interface
  public Link getWithVfs(int index) throws NetlinkException {
    return one(getRequest(index, true));
  }

  /// The interface of this index with its VFs, if there is one.
  public Optional<Link> findWithVfs(int index) throws NetlinkException {
    return optional(getRequest(index, true));
  }

  /// The interface of this index, if there is one.
  public Optional<Link> find(int index) throws NetlinkException {
    return optional(getRequest(index, false));
  }

  /// The interface of this name or alternative name, if there is one.
  public Optional<Link> find(String name) throws NetlinkException {
    return optional(getRequest(name));
  }

  /// What the interface of this name has carried, if there is one that is itself so named.
  public Optional<LinkTraffic> traffic(String name) throws NetlinkException {
    PayloadWriter writer = LinkHeader.ofIndex(0).writer();
    writer.attributeString(Ifla.IFNAME, name);
    NetlinkRequest request =
        new NetlinkRequest(RtmType.GETLINK, 0, writer.toPayload(), "get traffic of link %s", name);
    Optional<NetlinkMessage> answer = socket.find(request, Errno.ENODEV);
    try {
      return answer.isPresent()
          ? LinkReader.traffic(answer.get().payload(), name)
          : Optional.empty();
    } catch (MalformedMessage e) {
      throw new NetlinkException(request.summary(), Errno.EBADMSG, e);
    }
  }

  /// All interfaces, without VFs, all in memory. Where a namespace may hold any number of them, use
  /// [#forEach].
  ///
  /// @throws NetlinkException `E2BIG` for more than [NetlinkSocket#MAX_LISTED]
  public List<Link> list() throws NetlinkException {
    return socket.list(
        listRequest(LinkHeader.ofIndex(0).writer(), "list links"),
        message ->
            message.type() == RtmType.NEWLINK
                ? Optional.of(Link.parse(message.copied()))
                : Optional.empty());
  }

  /// Hands over all interfaces one by one as the kernel sends them, without VFs.
  ///
  /// @throws NetlinkException `EINTR` if interfaces changed during every attempt; the reader has
  ///   seen all those that existed throughout
  public void forEach(DumpReader<Link> reader) throws NetlinkException {
    forEach(listRequest(LinkHeader.ofIndex(0).writer(), "go through the links"), reader);
  }

  /// Hands over the members of `master`, such as a bond.
  ///
  /// @throws NetlinkException as [#forEach]
  public void forEachMember(int master, DumpReader<Link> reader) throws NetlinkException {
    PayloadWriter writer = LinkHeader.ofIndex(0).writer();
    writer.attributeS32(Ifla.MASTER, master);
    // We filter too: a kernel that does not know the filter ignores it.
    forEach(
        listRequest(writer, "go through the members of link %d", master),
        only(reader, link -> link.master().equals(OptionalInt.of(master))));
  }

  /// Hands over the VLANs on interfaces of the namespace.
  ///
  /// @throws NetlinkException as [#forEach]
  public void forEachVlan(DumpReader<Link> reader) throws NetlinkException {
    PayloadWriter writer = LinkHeader.ofIndex(0).writer();
    writer.nested(Ifla.LINKINFO, info -> info.attributeString(Ifla.INFO_KIND, "vlan"));
    // We filter too: a kernel without the module for VLANs ignores the filter.
    forEach(
        listRequest(writer, "go through the VLANs"), only(reader, link -> link.vlan().isPresent()));
  }

  private static DumpReader<Link> only(DumpReader<Link> reader, Predicate<Link> wanted) {
    return new DumpReader<>() {
      @Override
      public void begin() {
        reader.begin();
      }

      @Override
      public void read(Link link) throws MalformedMessage {
        if (wanted.test(link)) {
          reader.read(link);
        }
      }
    };
  }

  private void forEach(NetlinkRequest request, DumpReader<Link> reader) throws NetlinkException {
    socket.dump(
        request,
        new DumpReader<>() {
          @Override
          public void begin() {
            reader.begin();
          }

          @Override
          public void read(NetlinkMessage message) throws MalformedMessage {
            if (message.type() == RtmType.NEWLINK) {
              reader.read(Link.parse(message));
            }
          }
        });
  }

  private static NetlinkRequest listRequest(
      PayloadWriter writer, String format, Object... arguments) {
    writer.attributeU32(Ifla.EXT_MASK, Ifla.RTEXT_FILTER_SKIP_STATS);
    return new NetlinkRequest(RtmType.GETLINK, 0, writer.toPayload(), format, arguments);
  }

  /// Makes an interface; [#get(String)] shows the result.
  ///
  /// @throws NetlinkException `EEXIST` if the name is taken, and any error that the kernel gives
  ///   for an option, with its explanation
  public void create(NewLink link) throws NetlinkException {
    PayloadWriter writer = new PayloadWriter();
    link.writeTo(writer);
    socket.change(
        new NetlinkRequest(
            RtmType.NEWLINK,
            NetlinkFlags.CREATE | NetlinkFlags.EXCL,
            writer.toPayload(),
            "create %s %s",
            link.kindName(),
            link.name()));
  }

  /// Changes an interface.
  ///
  /// @throws NetlinkException if the kernel refuses a part; [LinkChange] says which parts it then
  ///   keeps
  public void change(int index, LinkChange change) throws NetlinkException {
    PayloadWriter writer = new PayloadWriter();
    change.writeTo(writer, index);
    send(change.messageType(), writer, "change link %d (%s)", index, change);
  }

  /// Changes options of a bond that is there.
  ///
  /// @throws NetlinkException with the kernel's explanation; it keeps the options before the one
  ///   that it refuses
  public void changeBond(int index, AttributeValues<BondAttribute> options)
      throws NetlinkException {
    PayloadWriter writer = LinkHeader.ofIndex(index).writer();
    writer.nested(
        Ifla.LINKINFO,
        info ->
            info.attributeString(Ifla.INFO_KIND, "bond")
                .nested(Ifla.INFO_DATA, data -> AttributeCodec.write(data, options)));
    // RTM_SETLINK would ignore them.
    send(RtmType.NEWLINK, writer, "change options of bond %d to %s", index, options);
  }

  /// Sets a property of an interface.
  ///
  /// @throws NetlinkException `EOPNOTSUPP` if its driver cannot, `EBUSY` for an XDP program that
  ///   its owner attached through a `bpf_link`
  /// @throws IllegalArgumentException for a value that the property cannot have
  public void set(int index, LinkProperty property, String value) throws NetlinkException {
    for (PayloadWriter message : property.messages(index, value)) {
      send(RtmType.SETLINK, message, "set %s of link %d to %s", property, index, value);
    }
  }

  /// Removes an interface. A bond first releases its members.
  ///
  /// @throws NetlinkException `EOPNOTSUPP` for real hardware, `ENODEV` if there is no such
  ///   interface
  public void delete(int index) throws NetlinkException {
    send(RtmType.DELLINK, LinkHeader.ofIndex(index).writer(), "delete link %d", index);
  }

  /// Adds an alternative name, of up to 127 bytes.
  ///
  /// @throws NetlinkException `EEXIST` if any interface has this name or alternative name
  public void addAltName(int index, String name) throws NetlinkException {
    send(
        RtmType.NEWLINKPROP,
        NetlinkFlags.CREATE | NetlinkFlags.EXCL | NetlinkFlags.APPEND,
        properties(index, name),
        "add alternative name %s to link %d",
        name,
        index);
  }

  /// Removes an alternative name.
  ///
  /// @throws NetlinkException `ENOENT` if the interface does not have it
  public void deleteAltName(int index, String name) throws NetlinkException {
    send(
        RtmType.DELLINKPROP,
        properties(index, name),
        "delete alternative name %s of link %d",
        name,
        index);
  }

  /// Changes a VF through its PF.
  ///
  /// @param pfIndex the index of the PF
  /// @throws NetlinkException `EOPNOTSUPP` if the driver cannot, `EINVAL` from most drivers if the
  ///   PF has no such VF; [VfChange] says which parts the kernel then keeps
  public void changeVf(int pfIndex, VfChange change) throws NetlinkException {
    PayloadWriter writer = LinkHeader.ofIndex(pfIndex).writer();
    writer.nested(Ifla.VFINFO_LIST, list -> VfCodec.write(list, change));
    send(RtmType.SETLINK, writer, "change link %d, %s", pfIndex, change);
  }

  private static PayloadWriter properties(int index, String name) {
    PayloadWriter writer = LinkHeader.ofIndex(index).writer();
    return writer.nested(Ifla.PROP_LIST, list -> list.attributeString(Ifla.ALT_IFNAME, name));
  }

  private void send(int type, PayloadWriter writer, String format, Object... arguments)
      throws NetlinkException {
    send(type, 0, writer, format, arguments);
  }

  private void send(int type, int flags, PayloadWriter writer, String format, Object... arguments)
      throws NetlinkException {
    socket.change(new NetlinkRequest(type, flags, writer.toPayload(), format, arguments));
  }

  private static NetlinkRequest getRequest(int index, boolean vfs) {
    return getRequest(LinkHeader.ofIndex(index), w -> {}, vfs, index);
  }

  private static NetlinkRequest getRequest(String name) {
    // The kernel looks up alternative names under both attributes, but IFLA_IFNAME is too short for
    // long ones.
    int attribute =
        KernelText.encode(name).length <= Link.MAX_NAME_LENGTH ? Ifla.IFNAME : Ifla.ALT_IFNAME;
    return getRequest(LinkHeader.ofIndex(0), w -> w.attributeString(attribute, name), false, name);
  }

  private static NetlinkRequest getRequest(
      LinkHeader header, Consumer<PayloadWriter> selector, boolean vfs, Object named) {
    PayloadWriter writer = header.writer();
    selector.accept(writer);
    int mask = Ifla.RTEXT_FILTER_SKIP_STATS | (vfs ? Ifla.RTEXT_FILTER_VF : 0);
    writer.attributeU32(Ifla.EXT_MASK, mask);
    return new NetlinkRequest(RtmType.GETLINK, 0, writer.toPayload(), "get link %s", named);
  }

  private Optional<Link> optional(NetlinkRequest request) throws NetlinkException {
    Optional<NetlinkMessage> answer = socket.find(request, Errno.ENODEV);
    return answer.isPresent() ? Optional.of(link(request, answer.get())) : Optional.empty();
  }

  private Link one(NetlinkRequest request) throws NetlinkException {
    return link(request, socket.get(request));
  }

  private static Link link(NetlinkRequest request, NetlinkMessage answer) throws NetlinkException {
    if (answer.type() != RtmType.NEWLINK) {
      throw new NetlinkException(
          "%s: an answer of type %d instead of a link".formatted(request.summary(), answer.type()),
          Errno.EBADMSG,
          Optional.empty());
    }
    try {
      return Link.parse(answer);
    } catch (MalformedMessage e) {
      throw new NetlinkException(request.summary(), Errno.EBADMSG, e);
    }
  }
}
