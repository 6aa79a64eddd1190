/// What becomes of a node's bonds if PFs go; no I/O.
package dev.podbond.cli.impact;
