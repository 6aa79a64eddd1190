/// Value types of the network: addresses, names, prefixes, routes. Each is valid once it exists.
package dev.podbond.bonding.net;
