/// The CNI verbs, each with its steps in their order.
package dev.podbond.plugins.verb;
