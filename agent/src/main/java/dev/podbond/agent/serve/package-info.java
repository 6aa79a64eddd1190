/// Serves the calls that shims hand over.
package dev.podbond.agent.serve;
