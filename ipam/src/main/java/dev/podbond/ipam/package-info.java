/// The one door: calls of IPAM plugins, carried out here where that is safe, executed otherwise.
package dev.podbond.ipam;
