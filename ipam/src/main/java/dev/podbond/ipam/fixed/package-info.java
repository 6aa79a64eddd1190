/// `static`: addresses that the configuration or the call names.
package dev.podbond.ipam.fixed;
