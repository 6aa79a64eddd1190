/// What a network configuration asks for, parsed and checked as far as it can be without a node.
package dev.podbond.bonding.config;
