/// IP on interfaces: addresses and routes.
package dev.podbond.netlink.ip;
