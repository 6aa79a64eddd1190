/// The place to start: a network namespace through rtnetlink, and news of its links.
package dev.podbond.netlink.rtnl;
