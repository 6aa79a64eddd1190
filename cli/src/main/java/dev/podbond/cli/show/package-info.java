/// What there is, as aligned tables for people and JSON for programs.
package dev.podbond.cli.show;
