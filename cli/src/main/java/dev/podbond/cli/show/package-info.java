/// Listings, as aligned tables for people and as JSON for programs.
package dev.podbond.cli.show;
