/// Network interfaces: reading, making, changing and removing them; bonds, VLANs and VFs.
package dev.podbond.netlink.link;
