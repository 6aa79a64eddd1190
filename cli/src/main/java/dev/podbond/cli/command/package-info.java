/// The subcommands: options in, lines and an exit code out.
package dev.podbond.cli.command;
