/// IP on interfaces: addresses, routes and neighbours.
package dev.podbond.netlink.ip;
