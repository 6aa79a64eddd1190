/// CHECK: compares what ADD made with what is there, and names each difference.
package dev.podbond.bonding.check;
