/// What frames of several kinds have in common, as octets.
package dev.podbond.node.frame;
