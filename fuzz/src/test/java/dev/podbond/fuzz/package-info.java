/// One class for each boundary at which Podbond reads data that others wrote. Each target states a
/// promise that must hold for every input; `fuzz/run` searches for an input that breaks it.
package dev.podbond.fuzz;
