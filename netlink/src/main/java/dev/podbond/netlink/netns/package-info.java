/// Network namespaces: opening, comparing, making and removing them, and what must be opened
/// inside.
package dev.podbond.netlink.netns;
