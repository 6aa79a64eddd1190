/// The agent as a process.
package dev.podbond.agent;
