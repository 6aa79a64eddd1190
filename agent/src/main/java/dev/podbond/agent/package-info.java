/// The agent process: its parts put together, its executable, its warm-up.
package dev.podbond.agent;
