/// Metrics over HTTPS, for whoever the API server allows them.
package dev.podbond.reporter.door;
