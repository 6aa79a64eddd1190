/// The values that every other package speaks of: error numbers, failures, hardware addresses.
package dev.podbond.netlink;
