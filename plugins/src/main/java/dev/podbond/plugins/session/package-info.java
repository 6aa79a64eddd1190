/// The node's locks, records and claims, and the network of a pod, during one call.
package dev.podbond.plugins.session;
