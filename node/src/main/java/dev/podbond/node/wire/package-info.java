/// Where the core's records and netlink's meet: options, routes and VF settings in both directions.
package dev.podbond.node.wire;
