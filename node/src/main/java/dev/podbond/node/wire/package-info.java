/// Converts between the core's records and netlink's: options, routes and VF settings.
package dev.podbond.node.wire;
