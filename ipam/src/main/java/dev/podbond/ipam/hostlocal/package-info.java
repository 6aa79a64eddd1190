/// `host-local`: ranges of addresses, which one is next, and its verbs over the store.
package dev.podbond.ipam.hostlocal;
