/// Brings the machine into the state that the objects describe, and undoes that.
package dev.podbond.cli.apply;
