/// What is written down about an attachment before the first change: all that is needed to take it
/// back from the node as it is found later, whatever happened in between.
package dev.podbond.bonding.attachment;
