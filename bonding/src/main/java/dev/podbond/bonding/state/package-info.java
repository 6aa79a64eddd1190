/// How a bond is, from what was observed of it: one state and one judgement for status, CHECK,
/// ADD's warnings and the watch.
package dev.podbond.bonding.state;
