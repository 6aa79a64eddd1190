/// A small HTTP server for a port that anybody in the cluster can reach. It serves the newest
/// connection first: slow or silent connections give way, so that they harm only themselves.
///
/// The JDK's own server cannot do that: when its limits are reached it turns new connections away,
/// including those of the API server or of Prometheus.
package dev.podbond.https.serve;
