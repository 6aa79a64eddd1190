/// Changes to the kernel, each with its undo, and their execution against one narrow interface.
package dev.podbond.bonding.change;
