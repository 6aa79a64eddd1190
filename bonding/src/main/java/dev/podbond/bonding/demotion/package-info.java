/// Which members of a bond are to leave a path that carries no traffic, and how each comes back to
/// exactly what it was.
package dev.podbond.bonding.demotion;
