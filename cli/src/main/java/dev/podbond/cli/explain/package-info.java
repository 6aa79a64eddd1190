/// The plan of a bond in words, made from observed or from assumed facts.
package dev.podbond.cli.explain;
