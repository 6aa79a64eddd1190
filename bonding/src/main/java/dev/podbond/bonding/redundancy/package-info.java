/// What may fail with a bond still passing traffic, judged by where its members' ports are.
package dev.podbond.bonding.redundancy;
