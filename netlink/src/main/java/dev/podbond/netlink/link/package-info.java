/// Network interfaces: what they are, how they are made, changed and removed; bonds, VLANs and VFs.
package dev.podbond.netlink.link;
