/// Bonds as an agent tells of them, read from its answers; no I/O.
package dev.podbond.cli.bond;
