/// Makes the machine what the objects say, and takes it back.
package dev.podbond.cli.apply;
