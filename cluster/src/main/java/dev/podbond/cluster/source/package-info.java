/// A tree of JSON values each of which knows the file and line it was written at.
package dev.podbond.cluster.source;
