/// An immutable JSON tree: strict to read, exact to write, and free of data binding.
package dev.podbond.json;
