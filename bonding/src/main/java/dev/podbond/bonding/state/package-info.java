/// The state of a bond, from its observed facts: one state and one judgement for status, CHECK,
/// ADD's warnings and the watch.
package dev.podbond.bonding.state;
