/// The edges of the command: the one machine it changes and the CNI plugins it runs.
package dev.podbond.cli.machine;
