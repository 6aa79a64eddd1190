/// What frames of several kinds have in common, as octets, and what waits for them.
package dev.podbond.node.frame;
