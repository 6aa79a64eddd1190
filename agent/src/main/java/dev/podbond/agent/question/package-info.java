/// Answers questions to the agent itself, which change nothing.
package dev.podbond.agent.question;
