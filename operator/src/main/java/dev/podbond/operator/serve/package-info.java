/// A small HTTP server for a port that anybody in the cluster reaches. Whoever connects last is
/// served first: what is slow or silent gives way, so that it can harm only itself.
///
/// The JDK's own server cannot be held to that: its limits turn away whoever comes when it is full,
/// which is the API server as well.
@org.jspecify.annotations.NullMarked
package dev.podbond.operator.serve;
