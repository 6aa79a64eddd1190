/// Which IPAM plugin runs, when, and with what in its environment.
package dev.podbond.plugins.ipam;
