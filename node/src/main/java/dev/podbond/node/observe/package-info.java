/// Reads from kernel and sysfs the facts on which decisions rest.
package dev.podbond.node.observe;
