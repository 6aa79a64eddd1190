/// What happened to bonds between two answers of an agent; no I/O.
package dev.podbond.cli.watch;
