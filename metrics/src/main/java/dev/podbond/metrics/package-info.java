/// The table of metrics, and the text that shows them to Prometheus.
package dev.podbond.metrics;
