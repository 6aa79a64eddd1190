/// The reporter of a node: it asks the agent, and writes what has changed to the API server.
package dev.podbond.reporter;
