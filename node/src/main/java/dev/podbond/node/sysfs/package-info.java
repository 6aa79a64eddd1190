/// Physical and virtual functions as the host's sysfs shows them, and the making of VFs.
package dev.podbond.node.sysfs;
