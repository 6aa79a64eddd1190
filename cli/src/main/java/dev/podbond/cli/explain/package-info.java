/// The plan of a bond in words, made from what is there or from what is assumed.
package dev.podbond.cli.explain;
