/// Calls that shims hand over.
package dev.podbond.agent.serve;
