package dev.podbond.node.state;

import dev.podbond.value.PciAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What a lock protects.
///
/// A process that needs several takes them in this order, so that no two processes wait for each
/// other: the attachment's, then those of its PCI functions by ascending address.
public sealed interface LockName {
  /// One attachment: the verbs for one interface of one container run one at a time.
  record OfAttachment(String containerId, String ifname) implements LockName {
    @Override
    public String toString() {
      return "attachment " + containerId + ":" + ifname;
    }
  }

  /// One PCI function: hold it to observe, claim, change or restore a VF.
  record OfPci(PciAddress pci) implements LockName {
    @Override
    public String toString() {
      return "PCI function " + pci;
    }
  }

  /// The byte of the lock file that stands for the name: 62 bits of its SHA-256, so that two names
  /// practically never share one.
  default long offset() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong() >>> 2;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
