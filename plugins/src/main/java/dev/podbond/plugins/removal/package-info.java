/// Takes one recorded attachment away, for DEL, GC, the agent and the ADD after a killed one.
package dev.podbond.plugins.removal;
