/// Reads the facts for decisions from the kernel and from sysfs.
package dev.podbond.node.observe;
