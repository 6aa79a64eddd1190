/// The system calls behind one narrow interface, and the only thread that changes its namespace.
package dev.podbond.netlink.linux;
