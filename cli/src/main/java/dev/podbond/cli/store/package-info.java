/// The applied objects and their state, stored on disk.
package dev.podbond.cli.store;
