/// host-local's directory of one network: its lock, and one file for each address.
package dev.podbond.ipam.store;
