/// The values that every other package uses: error numbers, failures, hardware addresses.
package dev.podbond.netlink;
