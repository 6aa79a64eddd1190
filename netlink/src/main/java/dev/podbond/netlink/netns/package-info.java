/// Network namespaces: opening, comparing, making and removing them, and opening files and sockets
/// inside them.
package dev.podbond.netlink.netns;
