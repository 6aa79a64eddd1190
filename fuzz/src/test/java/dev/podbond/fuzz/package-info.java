/// One class for each boundary at which Podbond reads what others wrote. Each target says what must
/// hold for every input whatsoever; `fuzz/run` looks for one for which it does not.
package dev.podbond.fuzz;
