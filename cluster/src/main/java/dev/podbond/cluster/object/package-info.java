/// The objects that `podbond` takes from YAML, each a record that is valid once it exists.
package dev.podbond.cluster.object;
