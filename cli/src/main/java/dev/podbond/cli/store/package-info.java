/// What was applied and what became of it, kept on disk.
package dev.podbond.cli.store;
