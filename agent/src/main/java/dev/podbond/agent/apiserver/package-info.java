/// The cluster's API server, as a pod reaches it.
package dev.podbond.agent.apiserver;
