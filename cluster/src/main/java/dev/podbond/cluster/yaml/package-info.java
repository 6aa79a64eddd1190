/// YAML and JSON text as a tree in which every value knows its file and line.
package dev.podbond.cluster.yaml;
