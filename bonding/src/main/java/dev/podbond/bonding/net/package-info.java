/// Values of one attachment: links in one of two places, routes, the identity of a namespace. Each
/// is valid once it exists.
package dev.podbond.bonding.net;
