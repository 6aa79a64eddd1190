/// One frame of the live view of a node's bonds; no I/O.
package dev.podbond.cli.top;
