/// The `podbond` command's entry.
package dev.podbond.cli;
