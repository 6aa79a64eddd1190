/// The rules that a bond or VF must pass before anything is touched.
package dev.podbond.bonding.preflight;
