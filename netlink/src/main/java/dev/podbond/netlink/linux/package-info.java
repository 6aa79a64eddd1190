/// The system calls, behind one narrow interface, and the only thread that ever changes namespace.
package dev.podbond.netlink.linux;
