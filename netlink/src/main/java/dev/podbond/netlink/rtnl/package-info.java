/// The front door: one network namespace through rtnetlink, and its news.
package dev.podbond.netlink.rtnl;
