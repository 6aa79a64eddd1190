/// Writing to host-local's files.
package dev.podbond.ipam.files;
