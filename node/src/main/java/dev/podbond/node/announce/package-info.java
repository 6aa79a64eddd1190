/// Tells the neighbours at once which MAC an address has now: gratuitous ARP, unsolicited NA.
package dev.podbond.node.announce;
